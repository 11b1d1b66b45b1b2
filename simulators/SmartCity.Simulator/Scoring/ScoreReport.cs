using System.Globalization;
using System.Text;
using SmartCity.Protocol.V1;
using SmartCity.Simulator.Running;

namespace SmartCity.Simulator.Scoring;

/// <summary>The figures of a score as a part of a document (Markdown), the unforgivable one first.</summary>
internal static class ScoreReport
{
    private const string Begin = "<!-- score -->", End = "<!-- /score -->";
    private static readonly Verdict[] Said =
        [Verdict.OnTime, Verdict.Early, Verdict.Late, Verdict.Missed, Verdict.Undetermined];

    public static string Write(Score score)
    {
        var text = new StringBuilder();
        var truth = score.Truth;
        Line(text, $"Seed {truth.Seed}, {truth.Days} days from {truth.FirstDate} to {truth.LastDate}.");
        WriteCollections(text, score.Collections);
        WriteFaults(text, score.Faults);
        WriteSessions(text, score);
        return text.ToString();
    }

    /// <summary>Replaces the part of a document that is between its marks.</summary>
    /// <exception cref="SimulatorException">It has none.</exception>
    public static async Task RenewAsync(string path, string report, CancellationToken cancellation)
    {
        var text = await File.ReadAllTextAsync(path, cancellation);
        var (begin, end) = (text.IndexOf(Begin, StringComparison.Ordinal), text.IndexOf(End, StringComparison.Ordinal));
        if (begin < 0 || end < begin)
        {
            throw new SimulatorException($"{path} has no part between the lines `{Begin}` and `{End}`.");
        }
        await File.WriteAllTextAsync(path, text[..(begin + Begin.Length)] + "\n" + report + text[end..], cancellation);
    }

    private static void WriteCollections(StringBuilder text, CollectionScore score)
    {
        var served = CollectionScore.Truths.Where(t => t != Verdict.Missed).Sum(score.TrueCount);
        Line(text, $"\n### Collections\n");
        Line(text, $"**Collected, but called MISSED: {score.ServedCalledMissed:N0} of {served:N0}.**\n");
        Line(text, $"| true, down; said, across | {string.Join(" | ", Said.Select(CollectionScore.Name))} | all | recall |");
        Line(text, $"|---|{string.Concat(Enumerable.Repeat("--:|", Said.Length + 2))}");
        foreach (var real in CollectionScore.Truths)
        {
            var cells = string.Join(" | ", Said.Select(s => Count(score.Cell(real, s))));
            Line(text, $"| {CollectionScore.Name(real)} | {cells} | {score.TrueCount(real):N0} | {Share(score.Recall(real))} |");
        }
        var precisions = Said.Select(s => s == Verdict.Undetermined ? "" : Share(score.Precision(s)));
        Line(text, $"| precision | {string.Join(" | ", precisions)} | | |");
        Line(text, $"\nDecision instant against the first lift: median and 95th percentile {score.Instants.Words("s")}.");
        var (right, real2, said) = score.Substituted;
        Line(text, $"Substituted trucks: {real2:N0} collections, {said:N0} said, {right:N0} right.");
        WriteCauses(text, score.Disagreements);
    }

    private static void WriteFaults(StringBuilder text, FaultScore score)
    {
        Line(text, $"\n### Faults\n");
        Part(text, $"| code | source | true | said | right | precision | recall | begins off by | ends off by ");
        Line(text, $"| transients | counted |");
        Line(text, $"|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
        foreach (var code in score.Codes)
        {
            Part(text, $"| {code.Code} | {Source(code.Derived)} | {code.True:N0} | {code.Said:N0} | {code.Right:N0} | ");
            Part(text, $"{Share(code.Precision)} | {Share(code.Recall)} | {code.Begins.Words("s")} | {code.Ends.Words("s")} | ");
            Line(text, $"{code.Transients.True:N0} | {code.Transients.Counted:N0} |");
        }
        foreach (var derived in new[] { false, true })
        {
            var (precision, recall) = score.Of(derived);
            Part(text, $"| all | {Source(derived)} | {score.Codes.Where(c => c.Derived == derived).Sum(c => c.True):N0} | | | ");
            Line(text, $"{Share(precision)} | {Share(recall)} | | | | |");
        }
        WriteCauses(text, score.Disagreements);
    }

    private static void WriteSessions(StringBuilder text, Score score)
    {
        var (sessions, use) = (score.Sessions, score.Use);
        Line(text, $"\n### Sessions, energy and use\n");
        Line(text, $"| what | true | said | off by |");
        Line(text, $"|---|--:|--:|---|");
        Line(text, $"| sessions | {score.Truth.Sessions.Count:N0} | {sessions.Said:N0} | {sessions.Found:N0} found |");
        Part(text, $"| their energy, kWh | {sessions.TrueWh / 1000:N1} | {sessions.SaidWh / 1000:N1} | ");
        Line(text, $"a session: {sessions.Energies.Words("Wh")}, at most {sessions.Energies.Max:N0} Wh |");
        Line(text, $"| their start | | | {sessions.Starts.Words("s")} |");
        Part(text, $"| energy in the period, kWh | {use.TrueWh / 1000:N1} | {use.SaidWh / 1000:N1} | ");
        Line(text, $"{Share(Math.Abs((use.SaidWh / use.TrueWh) - 1))} |");
        Part(text, $"| occupancy, % | {use.TrueOccupancy * 100:N2} | {use.SaidOccupancy * 100:N2} | ");
        Line(text, $"a port and day: {use.PortDays.Words("s")}; seen {Share(use.Coverage)} |");
        WriteCauses(text, [.. sessions.Disagreements, .. use.Disagreements]);
    }

    private static void WriteCauses(StringBuilder text, IReadOnlyCollection<Disagreement> disagreements)
    {
        Line(text, $"\n| disagreements | count | cause | such as |");
        Line(text, $"|---|--:|---|---|");
        foreach (var group in disagreements.GroupBy(d => (d.What, d.Cause)).OrderBy(g => g.Key.What, StringComparer.Ordinal)
            .ThenByDescending(g => g.Count()))
        {
            Line(text, $"| {group.Key.What} | {group.Count():N0} | {group.Key.Cause} | {group.First().Where} |");
        }
    }

    private static string Source(bool derived) => derived ? "derived" : "reported";

    private static string Count(int count) => count.ToString("N0", CultureInfo.InvariantCulture);

    private static string Share(double? share) => share is { } value
        ? value.ToString(value is > 0.9995 and < 1 ? "0.00 %" : "0.0 %", CultureInfo.InvariantCulture) : "-";

    private static void Part(StringBuilder text, FormattableString part) =>
        text.Append(part.ToString(CultureInfo.InvariantCulture));

    private static void Line(StringBuilder text, FormattableString line)
    {
        Part(text, line);
        text.Append('\n');
    }
}
