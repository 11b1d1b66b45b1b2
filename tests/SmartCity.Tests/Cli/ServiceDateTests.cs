using SmartCity.Cli.Sanitation;

namespace SmartCity.Tests.Cli;

public sealed class ServiceDateTests
{
    [Theory]
    [InlineData("12:30", "2026-11-22 12:30")]
    [InlineData("03:00", "2026-11-22 03:00")]
    [InlineData("01:30", "2026-11-23 01:30")] // A window that reaches past midnight.
    [InlineData("2026-11-20 01:30", "2026-11-20 01:30")]
    public void A_time_of_day_is_on_the_service_date_and_before_three_on_the_day_after(string at, string expected) =>
        Assert.Equal(expected, ConfirmCommand.OnServiceDate(at, "point-001/2026-11-22/NIGHT"));
}
