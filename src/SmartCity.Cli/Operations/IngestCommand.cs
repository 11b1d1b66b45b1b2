using System.CommandLine;
using SmartCity.Cli.Asking;
using SmartCity.Cli.Showing;
using SmartCity.Protocol.V1;

namespace SmartCity.Cli.Operations;

/// <summary><c>smartcity ingest</c></summary>
internal static class IngestCommand
{
    public static Command Build(Terminal terminal) => Question.Command(
        terminal,
        "ingest",
        "What came in, what is behind, and whether broker and store are well.",
        """
        smartcity ingest
        smartcity ingest --output json | jq .messagesBehind
        """,
        [],
        AskAsync);

    private static async Task AskAsync(Question question)
    {
        var client = new OperationsService.OperationsServiceClient(question.Channel);
        var response = await client.GetIngestStatusAsync(new GetIngestStatusRequest(), question.Call);
        var to = question.Terminal.Out;
        switch (question.Output)
        {
            case OutputFormat.Json:
                await to.WriteLineAsync(JsonText.Lines(response));
                break;
            case OutputFormat.Csv:
                await CsvText.WriteAsync(to, GetIngestStatusResponse.Descriptor, [response], question.Zone);
                break;
            default:
                foreach (var line in Lines(response, question.Zone))
                {
                    await to.WriteLineAsync(line);
                }
                break;
        }
    }

    private static IEnumerable<string> Lines(GetIngestStatusResponse s, TimeZoneInfo zone)
    {
        yield return $"Running since {Say.Time(s.StartedTime, zone)} ({zone.Id}); {Say.Number(s.MessagesPerSecond)} messages/s";
        foreach (var broker in s.Brokers)
        {
            var state = broker.Embedded
                ? $"{(broker.Connected ? "listening" : "not listening")}, {Say.Count(broker.Clients)} devices connected"
                : broker.Connected ? "connected" : "not connected";
            yield return $"Broker {broker.Address}: {state}{(broker.Problem.Length > 0 ? $". {broker.Problem}" : "")}";
        }
        yield return $"Store {s.StoreKind}: {(s.StoreProblem.Length > 0 ? s.StoreProblem : "well")}";
        yield return "";
        yield return $"Messages received  {Say.Count(s.MessagesReceived),15}";
        yield return $"  stored           {Say.Count(s.MessagesStored),15}  ({Say.Count(s.RecordsStored)} records)";
        yield return $"  resent           {Say.Count(s.MessagesDuplicate),15}";
        yield return $"  set aside        {Say.Count(s.MessagesDead),15}  ({Say.Count(s.RecordsDead)} records)";
        if (s.MessagesDamaged > 0)
        {
            yield return $"  damaged          {Say.Count(s.MessagesDamaged),15}  (not readable in the journal; see the log)";
        }
        yield return $"  behind           {Say.Count(s.MessagesBehind),15}"
            + (s.OldestBehindTime is null ? "" : $"  (oldest {Say.Time(s.OldestBehindTime, zone)})");
        yield return $"  digested until   {(s.DigestedUntilTime is null ? "nothing yet" : Say.Time(s.DigestedUntilTime, zone))}";
        if (s.MetersDeletedUntilTime is not null)
        {
            yield return $"  meters deleted until    {Say.Time(s.MetersDeletedUntilTime, zone)}  (Store:Retention:MeterDays)";
        }
        if (s.PositionsDeletedUntilTime is not null)
        {
            yield return $"  positions deleted until {Say.Time(s.PositionsDeletedUntilTime, zone)}  (Store:Retention:PositionDays)";
        }
        yield return "";
        yield return $"Dead letters waiting {Say.Count(s.DeadLettersWaiting)}; conflicts {Say.Count(s.Conflicts)}; "
            + $"records with a refused clock {Say.Count(s.ClockRefusedRecords)}";
        if (s.DeadLettersSummarised > 0)
        {
            yield return $"Dead letters without room {Say.Count(s.DeadLettersSummarised)}: counted, and only the last of each "
                + "device and reason kept. Mend the device, or raise DeadLetters:CountPerDeviceMax.";
        }
        if (s.MessagesMissing > 0)
        {
            yield return $"Missing 缺失 {Say.Count(s.MessagesMissing)}, of {Say.Count(s.DevicesWithGaps)} devices: by their numbers "
                + "these messages never came. `smartcity gaps` lists them. A broker drops what it has no room for "
                + "(max_queued_messages).";
        }
        yield return $"Journal {Say.Bytes(s.JournalBytes)}, position {Say.Count(s.JournalPosition)}, stored up to "
            + $"{Say.Count(s.StoredPosition)}, live up to {Say.Count(s.LivePosition)}";
        var unsaid = s.MessagesReceived - s.MessagesStored - s.MessagesDuplicate - s.MessagesDead - s.MessagesDamaged - s.MessagesBehind;
        if (unsaid != 0)
        {
            yield return unsaid == s.StoredPosition && s.StoreProblem.Length > 0
                ? $"The store has not said yet what became of {Say.Count(unsaid)} messages that it has settled."
                : "The parts do not add up to what was received. Please report this.";
        }
    }
}
