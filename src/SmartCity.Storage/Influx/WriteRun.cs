using SmartCity.Storage.Telemetry;

namespace SmartCity.Storage.Influx;

/// <summary>Writes some lines of a batch. When the database refuses them it finds the line that is at fault, in at most
/// log2 of their number further requests, and writes the others.</summary>
internal sealed class WriteRun(
    WriteAttempts attempts, LastTakenLines taken, InfluxHttp http, string database, LineBatch lines)
{
    // The caller knows what belongs together and finds the rest faster.
    private const int RefusedMax = 8;

    /// <summary>The lines that are never taken, by their places in the batch.</summary>
    public List<RefusedLine> Refused { get; } = [];

    /// <summary>Bytes of the smallest request of several lines that was too large.</summary>
    public int? SmallestTooLarge { get; private set; }

    /// <summary>Writes so many lines from the first-th on.</summary>
    public async Task WriteAsync(int first, int count, CancellationToken cancellation)
    {
        WriteOutcome? suspicion = null;
        while (count > 0 && Refused.Count < RefusedMax)
        {
            var outcome = await SendAsync(first, count, suspicion, cancellation);
            if (outcome.Class == WriteClass.Ok)
            {
                return;
            }
            if (outcome.Class == WriteClass.TooLarge)
            {
                await HalveAsync(first, count, outcome, cancellation);
                return;
            }
            var named = Named(outcome, first, count);
            if (outcome.Class == WriteClass.PartialKept && named.Count > 0)
            {
                Refused.AddRange(named);
                return;
            }
            var found = await FindAsync(first, count, named.Count > 0 ? named[0].Line : null, outcome, cancellation);
            if (outcome.BlamesContent || await IsAtFaultAsync(found.Line, outcome, first + count, cancellation))
            {
                Refused.Add(found);
            }
            if (outcome.Class == WriteClass.PartialKept)
            {
                return; // The others are stored already.
            }
            (first, count) = (found.Line + 1, first + count - found.Line - 1);
            suspicion = outcome;
        }
    }

    private static List<RefusedLine> Named(WriteOutcome outcome, int first, int count) =>
    [
        .. outcome.Refused
            .Where(line => line.Line >= 0 && line.Line < count)
            .Select(line => line with { Line = first + line.Line }),
    ];

    private async Task HalveAsync(int first, int count, WriteOutcome outcome, CancellationToken cancellation)
    {
        if (count == 1)
        {
            Refused.Add(new RefusedLine(first, $"the line alone is too large for it (HTTP {outcome.HttpStatus})"));
            return;
        }
        SmallestTooLarge = lines.Slice(first, count).Length;
        await WriteAsync(first, count / 2, cancellation);
        await WriteAsync(first + (count / 2), count - (count / 2), cancellation);
    }

    // Everything before the first bad line is stored when it is found. The last one left is not asked about again.
    private async Task<RefusedLine> FindAsync(
        int first, int count, int? hint, WriteOutcome outcome, CancellationToken cancellation)
    {
        var reason = outcome.Detail;
        while (count > 1)
        {
            var half = hint is { } line && line > first && line < first + count ? line - first : count / 2;
            var part = hint == first ? null : await SendAsync(first, half, outcome, cancellation);
            if (part is null)
            {
                break;
            }
            if (part.Class == WriteClass.Ok)
            {
                (first, count) = (first + half, count - half);
            }
            else
            {
                (count, reason, hint) = (half, part.Detail, null);
            }
        }
        return new RefusedLine(first, reason);
    }

    // An answer that does not speak of the content is believed while the database refuses this line and takes another.
    private async Task<bool> IsAtFaultAsync(int line, WriteOutcome outcome, int end, CancellationToken cancellation)
    {
        if ((await SendAsync(line, 1, outcome, cancellation)).Class == WriteClass.Ok)
        {
            return false;
        }
        if (taken[database] is { } other)
        {
            if ((await attempts.SendAsync(database, other, outcome, cancellation)).Class == WriteClass.Ok)
            {
                return true;
            }
        }
        else if (line + 1 < end && Refused.Count == 0)
        {
            return true; // Provided that one of the lines after it is taken.
        }
        throw new StoreUnavailableException(InfluxAdvice.Of(http, database, outcome));
    }

    private async Task<WriteOutcome> SendAsync(int first, int count, WriteOutcome? suspicion, CancellationToken cancellation)
    {
        var outcome = await attempts.SendAsync(database, lines.Slice(first, count), suspicion, cancellation);
        if (outcome.Class == WriteClass.Ok)
        {
            taken.Take(database, lines.Slice(first, 1));
        }
        return outcome;
    }
}
