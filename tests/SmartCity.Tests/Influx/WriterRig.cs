using System.Globalization;
using Microsoft.Extensions.Time.Testing;
using SmartCity.Storage.Influx;
using SmartCity.Storage.Telemetry;
using SmartCity.Tests.Network;

namespace SmartCity.Tests.Influx;

/// <summary>The writer before a scripted server, at a time of its own.</summary>
internal sealed class WriterRig : IAsyncDisposable
{
    private readonly InfluxHttp http;
    private readonly InfluxWriter writer;

    private WriterRig(FakeInflux fake, InfluxOptions options, InfluxProfile profile)
    {
        Fake = fake;
        Date = new LeapingClock(Clock);
        http = new InfluxHttp(options, Date);
        Wire = InfluxProbe.WireOf(http, profile);
        writer = new InfluxWriter(Wire, http);
    }

    public FakeInflux Fake { get; }

    public IInfluxWire Wire { get; }

    /// <summary>What the machine says that the date is.</summary>
    public LeapingClock Date { get; }

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 11, 23, 0, 0, 0, TimeSpan.Zero));

    public static async Task<WriterRig> StartAsync(
        Func<FakeRequest, Task> answer, InfluxProfile profile = InfluxProfile.V1, Action<InfluxOptions>? configure = null,
        bool isTls = false)
    {
        var fake = await FakeInflux.StartAsync(answer, isTls);
        var options = new InfluxOptions { Url = fake.Url, Database = "city", TimeoutSeconds = 600 };
        configure?.Invoke(options);
        return new WriterRig(fake, options, profile);
    }

    /// <summary>So many lines: m,n=0 f=0i 0, m,n=1 f=1i 1, ...; those in poison say so.</summary>
    public static LineBatch Lines(int count, params int[] poison) => LinesFrom(0, count, poison);

    /// <summary>The same from a number on.</summary>
    public static LineBatch LinesFrom(int first, int count, params int[] poison)
    {
        var batch = new LineBatch();
        for (var i = first; i < first + count; i++)
        {
            batch.Begin("m");
            batch.Tag("n", i);
            batch.Field("f", i);
            batch.Field("poison", poison.Contains(i) ? true : null);
            batch.End(i);
        }
        return batch;
    }

    /// <summary>How fast time passes while something is written: so much every 2 ms.</summary>
    public TimeSpan Step { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Writes; null when all was taken, else why not.</summary>
    public Task<Exception?> WriteAsync(LineBatch lines, string database = "city") => Clock.PassAsync(TryAsync(lines, database), Step);

    /// <summary>Writes as ingest does, again and again while the store is unavailable; gives the sentences it saw on the way and
    /// the refusal at the end.</summary>
    public async Task<(List<string> Sentences, StoreRefusedException? Refused)> WriteStubbornlyAsync(LineBatch lines)
    {
        var sentences = new List<string>();
        for (var tries = 0; tries < 120; tries++)
        {
            switch (await WriteAsync(lines))
            {
                case null:
                    return (sentences, null);
                case StoreRefusedException refused:
                    return (sentences, refused);
                case var failure:
                    sentences.Add(Assert.IsType<StoreUnavailableException>(failure).Message);
                    Clock.Advance(TimeSpan.FromSeconds(10));
                    break;
            }
        }
        throw new InvalidOperationException($"Not taken after many tries: {string.Join('\n', sentences.TakeLast(3))}");
    }

    public async ValueTask DisposeAsync()
    {
        writer.Dispose();
        http.Dispose();
        await Fake.DisposeAsync();
    }

    private async Task<Exception?> TryAsync(LineBatch lines, string database)
    {
        try
        {
            await writer.WriteAsync(database, lines, CancellationToken.None);
            return null;
        }
        catch (Exception e) when (e is StoreRefusedException or StoreUnavailableException)
        {
            return e;
        }
    }
}

/// <summary>What a server has stored, as numbers of the lines of <see cref="WriterRig.Lines"/>.</summary>
internal sealed class StoredLines
{
    private readonly HashSet<int> lines = [];

    public int Count
    {
        get
        {
            lock (lines)
            {
                return lines.Count;
            }
        }
    }

    public static bool IsPoison(string line) => line.Contains("poison", StringComparison.Ordinal);

    public static int NumberOf(string line) =>
        int.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture);

    public void Add(IEnumerable<string> taken)
    {
        lock (lines)
        {
            lines.UnionWith(taken.Select(NumberOf));
        }
    }

    public int[] MissingOf(int count)
    {
        lock (lines)
        {
            return [.. Enumerable.Range(0, count).Except(lines)];
        }
    }
}
