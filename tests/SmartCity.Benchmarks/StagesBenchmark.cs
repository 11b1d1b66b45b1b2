using System.Buffers;
using System.Diagnostics;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using SmartCity.Domain.Sanitation;
using SmartCity.Domain.Telemetry;
using SmartCity.Server.Ingest;
using SmartCity.Server.Live;
using SmartCity.Server.Settings;
using SmartCity.Simulator.District;
using SmartCity.Storage.DuckDb;
using SmartCity.Storage.Journal;
using SmartCity.Storage.Registry;
using SmartCity.Storage.Registry.Files;
using SmartCity.Storage.Telemetry;
using Decoder = SmartCity.Server.Ingest.Decoder;

namespace SmartCity.Benchmarks;

/// <summary>What each step between the broker and the store takes for a message: one meter record in JSON, as <c>ingest</c>
/// sends them. One step after the other in one process, so that each can be measured alone.</summary>
internal static class StagesBenchmark
{
    private const int Ports = 10;
    private const int BatchMessages = 5_000;
    private const int Batches = 20;
    private const int WarmUpBatches = 8;

    /// <summary>Runs them and prints a table.</summary>
    public static async Task<int> RunAsync(BenchmarkOptions options)
    {
        var folder = Directory.CreateTempSubdirectory("smartcity-stages-");
        try
        {
            await using var journal = JournalLog.Open(folder.FullName, new JournalOptions(), NullLogger<JournalLog>.Instance);
            using var registry = RegistryStore.Open("", Path.Combine(folder.FullName, "registry.db"), TimeProvider.System);
            await using var store = new DuckDbTelemetryStore(
                Path.Combine(folder.FullName, DuckDbTelemetryStore.FileName), new DuckDbOptions(),
                NullLogger<DuckDbTelemetryStore>.Instance);
            await store.OpenAsync(CancellationToken.None);
            await new Run(journal, registry, store, options.Connections).RunAsync();
        }
        finally
        {
            folder.Delete(recursive: true);
        }
        return 0;
    }

    private sealed class Run(JournalLog journal, RegistryStore registry, DuckDbTelemetryStore store, int devices)
    {
        private readonly string[] ids = [.. Enumerable.Range(1, devices).Select(i => FormattableString.Invariant($"load-{i:0000}"))];
        private readonly Intake intake = new(journal, TimeProvider.System);
        private readonly MessageLedger ledger = new(store);
        private readonly LiveCity live = new(() => registry.Current, SanitationRules.Default, TimeProvider.System);
        private readonly List<JournalMessage> committed = [];
        private readonly Stage[] stages =
            [new("journal, group commit"), new("decode"), new("live state"), new("look at every device"), new("ledger"), new("store")];

        private long sequence;

        public async Task RunAsync()
        {
            journal.Committed += committed.AddRange; // On the writer's thread, and complete when the appends are.
            await RegisterAsync();
            var decoder = new Decoder(registry, ledger, Options.Create(new TelemetryOptions()));
            for (var i = 0; i < WarmUpBatches + Batches; i++)
            {
                if (i == WarmUpBatches)
                {
                    Array.ForEach(stages, s => s.Forget());
                }
                await BatchAsync(decoder);
            }
            Console.WriteLine($"{"step",-24}{"µs CPU",10}{"bytes",10}   a message, garbage collection included");
            foreach (var stage in stages)
            {
                Console.WriteLine(stage.Line(Batches * BatchMessages));
            }
        }

        private async Task BatchAsync(Decoder decoder)
        {
            var payloads = Payloads();
            committed.Clear();
            await stages[0].MeasureAsync(() => AppendAsync(payloads));
            var decoded = new List<Decoded>(BatchMessages);
            stages[1].Measure(() => decoded.AddRange(committed.Select(decoder.Decode)));
            var messages = decoded.SelectMany(d => d.Messages).ToList();
            stages[2].Measure(() => messages.ForEach(live.Apply));
            // Every 250 ms, which is as often as this at 20,000 messages a second.
            stages[3].Measure(live.Refresh);
            IReadOnlyList<MessageFate> fates = [];
            await stages[4].MeasureAsync(async () => fates = await ledger.JudgeAsync(messages, CancellationToken.None));
            var settlement = new Settlement(decoded, fates);
            await stages[5].MeasureAsync(() => store.AppendAsync(
                new TelemetryBatch(settlement.Fresh, committed[^1].Position + 1, settlement.Counts), CancellationToken.None).AsTask());
            stages[4].Measure(() => ledger.Commit(settlement.Fresh));
            if (settlement.Fresh.Count != BatchMessages)
            {
                throw new InvalidOperationException($"{settlement.Fresh.Count} of {BatchMessages} messages were new.");
            }
        }

        // Each device waits for its message before it sends the next, as with the broker.
        private Task AppendAsync(ReadOnlySequence<byte>[] payloads) => Task.WhenAll(ids.Select(async (id, at) =>
        {
            var topic = $"smartcity/v1/{DistrictPlan.DistrictId}/pile/{id}/meter";
            for (var i = at; i < payloads.Length; i += devices)
            {
                await intake.AppendAsync(topic, payloads[i], null, id, CancellationToken.None);
            }
        }));

        private ReadOnlySequence<byte>[] Payloads()
        {
            var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
            var payloads = new ReadOnlySequence<byte>[BatchMessages];
            for (var i = 0; i < payloads.Length; i++)
            {
                sequence += i % devices == 0 ? 1 : 0;
                payloads[i] = new(Encoding.UTF8.GetBytes(FormattableString.Invariant(
                    $$"""{"boot":"load-20261123084754000","seq":{{sequence,10}},"sentAt":{{now}},"records":[{"time":{{now + sequence}},"port":1,"voltageV":221.5,"powerW":{{100 + (sequence % 300)}}.5,"currentA":1.{{100 + (i % 800)}},"portTempC":31.5,"ambientTempC":18.0}]}""")));
            }
            return payloads;
        }

        private async Task RegisterAsync()
        {
            var now = Instant.From(TimeProvider.System.GetUtcNow());
            foreach (var json in (byte[][])[
                DistrictJson.Write(DistrictBuilder.Build(0)),
                DistrictJson.WriteLoadPiles(ids, Ports, DistrictPlan.DistrictId + "-C01")])
            {
                await registry.ImportAsync(
                    AssetFile.ReadJson(Encoding.UTF8.GetString(json), now), tryOnly: false, CancellationToken.None);
            }
        }
    }

    /// <summary>What one step took so far, in this whole process: what it costs the collector and helpers counts too.</summary>
    private sealed class Stage(string name)
    {
        private TimeSpan cpu;
        private long bytes;

        public void Forget() => (cpu, bytes) = (default, 0);

        public void Measure(Action step)
        {
            var (cpuBefore, bytesBefore) = Now();
            step();
            Add(cpuBefore, bytesBefore);
        }

        public async Task MeasureAsync(Func<Task> step)
        {
            var (cpuBefore, bytesBefore) = Now();
            await step();
            Add(cpuBefore, bytesBefore);
        }

        public string Line(int messages) =>
            FormattableString.Invariant($"{name,-24}{cpu.TotalMicroseconds / messages,10:N2}{(double)bytes / messages,10:N0}");

        private static (TimeSpan Cpu, long Bytes) Now()
        {
            using var process = Process.GetCurrentProcess();
            return (process.TotalProcessorTime, GC.GetTotalAllocatedBytes(precise: true));
        }

        private void Add(TimeSpan cpuBefore, long bytesBefore)
        {
            var (cpuNow, bytesNow) = Now();
            cpu += cpuNow - cpuBefore;
            bytes += bytesNow - bytesBefore;
        }
    }
}
