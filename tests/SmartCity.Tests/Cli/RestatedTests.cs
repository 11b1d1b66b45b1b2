using SmartCity.Cli.Sanitation;
using SmartCity.Protocol.V1;

namespace SmartCity.Tests.Cli;

/// <summary>The line about verdicts that late data changed.</summary>
public sealed class RestatedTests
{
    [Fact]
    public void It_says_from_what_to_what()
    {
        var answer = new Restatements
        {
            Final = 1_790,
            Restated = 3,
            Shifts =
            {
                new VerdictShift { From = Verdict.Undetermined, To = Verdict.OnTime, Count = 2 },
                new VerdictShift { From = Verdict.Missed, To = Verdict.Excused, Count = 1 },
            },
        };
        Assert.Equal(
            "Restated 更正: 3 of 1,790 verdicts since they became final: 2 UNKNOWN 数据缺失 -> ON_TIME 按时, "
                + "1 MISSED 漏收 -> EXCUSED 免责.",
            Restated.Line(answer));
        Assert.Equal(
            "Restated 更正: none of 12 verdicts since they became final.", Restated.Line(new Restatements { Final = 12 }));
        Assert.Equal(
            "Restated 更正: nothing to compare; no verdict was known when it became final.", Restated.Line(new Restatements()));
    }

    [Theory]
    [InlineData("", "", true)]
    [InlineData("", "2026-11-23", true)]
    [InlineData("2026-10-24", "2026-11-23", true)]
    [InlineData("2026-10-23", "2026-11-23", false)]
    [InlineData("2026-11-01", "", false)]
    public void It_is_asked_for_of_a_month_at_most(string first, string last, bool expected) =>
        Assert.Equal(expected, Restated.CanBeAsked(new DateRange { First = first, Last = last }));
}
