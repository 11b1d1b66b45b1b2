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
    private const int BatchesPerSecond = 4;
    private const int CheckpointSeconds = 10;
    private const int WarmUpSeconds = 4;

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
            await new Run(journal, registry, store, options).RunAsync();
        }
        finally
        {
            folder.Delete(recursive: true);
        }
        return 0;
    }

    private sealed class Run(JournalLog journal, RegistryStore registry, DuckDbTelemetryStore store, BenchmarkOptions options)
    {
        private readonly int devices = options.Connections;
        private readonly int batchMessages = Math.Max(options.Connections, options.Rate / BatchesPerSecond);
        private readonly string[] ids =
            [.. Enumerable.Range(1, options.Connections).Select(i => FormattableString.Invariant($"load-{i:0000}"))];

        private readonly Intake intake = new(journal, Passed(), TimeProvider.System);
        private readonly MessageLedger ledger = new(store);
        private readonly LiveCity live = new(() => registry.Current, SanitationRules.Default, TimeSpan.FromHours(12), TimeProvider.System);
        private readonly List<JournalMessage> committed = [];
        private readonly Stage[] stages =
        [
            new("journal, group commit"), new("decode"), new("live state"), new("look at every device"), new("ledger"),
            new("store"), new("checkpoint"), new("journal, forget"),
        ];

        private long sequence;
        private long messages;

        private static IngestProgress Passed()
        {
            var progress = new IngestProgress(TimeProvider.System);
            progress.Pass();
            return progress;
        }

        public async Task RunAsync()
        {
            journal.Committed += committed.AddRange; // On the writer's thread, and complete when the appends are.
            await RegisterAsync();
            var decoder = new Decoder(registry, ledger, Options.Create(new TelemetryOptions()));
            await SecondsAsync(WarmUpSeconds, decoder);
            Array.ForEach(stages, s => s.Forget());
            messages = 0;
            for (var done = 0; done < options.Seconds; done += CheckpointSeconds)
            {
                await SecondsAsync(CheckpointSeconds, decoder);
                var durable = 0L;
                await stages[6].MeasureAsync(async () => durable = await store.CheckpointAsync(CancellationToken.None));
                await stages[7].MeasureAsync(() => journal.TrimAsync(durable, CancellationToken.None).AsTask());
            }
            Console.WriteLine($"{"step",-24}{"µs CPU",10}{"bytes",10}{"max ms",10}   a message, garbage collection included");
            foreach (var stage in stages)
            {
                Console.WriteLine(stage.Line(messages));
            }
        }

        private async Task SecondsAsync(int seconds, Decoder decoder)
        {
            for (var i = 0; i < seconds * BatchesPerSecond; i++)
            {
                await BatchAsync(decoder);
            }
        }

        private async Task BatchAsync(Decoder decoder)
        {
            var payloads = Payloads();
            committed.Clear();
            await stages[0].MeasureAsync(() => AppendAsync(payloads));
            var decoded = new List<Decoded>(batchMessages);
            stages[1].Measure(() => decoded.AddRange(committed.Select(decoder.Decode)));
            var told = decoded.SelectMany(d => d.Messages).ToList();
            stages[2].Measure(() => told.ForEach(live.Apply));
            stages[3].Measure(live.Refresh);
            IReadOnlyList<MessageFate> fates = [];
            await stages[4].MeasureAsync(async () => fates = await ledger.JudgeAsync(told, CancellationToken.None));
            var settlement = new Settlement(decoded, fates);
            await stages[5].MeasureAsync(() => store.AppendAsync(
                new TelemetryBatch(settlement.Fresh, committed[^1].Position + 1, settlement.Counts), CancellationToken.None).AsTask());
            stages[4].Measure(() => ledger.Commit(settlement.Fresh));
            messages += batchMessages;
            if (settlement.Fresh.Count != batchMessages)
            {
                throw new InvalidOperationException($"{settlement.Fresh.Count} of {batchMessages} messages were new.");
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
            var payloads = new ReadOnlySequence<byte>[batchMessages];
            for (var i = 0; i < payloads.Length; i++)
            {
                sequence += i % devices == 0 ? 1 : 0;
                payloads[i] = new(Encoding.UTF8.GetBytes(FormattableString.Invariant($$"""
                    {"boot":"load-20261123084754000","seq":{{sequence,10}},"sentAt":{{now}},"records":[{"time":{{now + sequence}},
                    "port":1,"voltageV":221.5,"powerW":{{100 + (sequence % 300)}}.5,"currentA":1.{{100 + (i % 800)}},
                    "portTempC":31.5,"ambientTempC":18.0}]}
                    """)));
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
        private TimeSpan longest;

        public void Forget() => (cpu, bytes, longest) = (default, 0, default);

        public void Measure(Action step)
        {
            var before = Now();
            step();
            Add(before);
        }

        public async Task MeasureAsync(Func<Task> step)
        {
            var before = Now();
            await step();
            Add(before);
        }

        public string Line(long messages) => FormattableString.Invariant(
            $"{name,-24}{cpu.TotalMicroseconds / messages,10:N2}{(double)bytes / messages,10:N0}{longest.TotalMilliseconds,10:N0}");

        private static (TimeSpan Cpu, long Bytes, long Time) Now() =>
            (Environment.CpuUsage.TotalTime, GC.GetTotalAllocatedBytes(precise: true), Stopwatch.GetTimestamp());

        private void Add((TimeSpan Cpu, long Bytes, long Time) before)
        {
            var now = Now();
            cpu += now.Cpu - before.Cpu;
            bytes += now.Bytes - before.Bytes;
            var took = Stopwatch.GetElapsedTime(before.Time, now.Time);
            longest = took > longest ? took : longest;
        }
    }
}
