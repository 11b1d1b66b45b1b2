using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using SmartCity.Storage.Influx;

namespace SmartCity.Benchmarks;

/// <summary>What the InfluxDB client itself takes: lines written and answers read, both in memory.</summary>
internal static class InfluxBenchmark
{
    private const int Rows = 10_000;
    private static readonly InfluxQuery Query = new(
        "", ["time", "a", "b", "c", "d", "e", "f", "g", "session", "quality"], ["pile"]);

    /// <summary>Runs for the given seconds each and prints lines and rows a second.</summary>
    public static int Run(BenchmarkOptions options)
    {
        var span = TimeSpan.FromSeconds(Math.Min(options.Seconds, 5));
        using var batch = new LineBatch();
        Print("lines written", span, () => Write(batch));
        Console.WriteLine($"  {(double)batch.Bytes / batch.Lines:N0} bytes a line");
        var v1 = Encoding.UTF8.GetBytes(
            """{"results":[{"series":[{"name":"m","tags":{"pile":"P-1"}"""
            + ""","columns":["time","a","b","c","d","e","f","g","session","quality"],"values":["""
            + string.Join(',', Enumerable.Range(0, Rows).Select(V1Row)) + "]}]}]}");
        Print("rows read, V1", span, () => Read(v1, new V1AnswerParser(Query)));
        var v3 = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, Rows).Select(V3Row)));
        Print("rows read, V3", span, () => Read(v3, new V3AnswerParser(Query)));
        return 0;
    }

    private static void Print(string what, TimeSpan span, Func<int> work)
    {
        var best = 0.0;
        for (var since = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(since) < span;)
        {
            var start = Stopwatch.GetTimestamp();
            var done = work();
            best = Math.Max(best, done / Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what,-16} {best,12:N0} /s (best of {span.TotalSeconds} s)"));
    }

    private static int Write(LineBatch batch)
    {
        batch.Clear();
        for (var n = 0; n < Rows; n++)
        {
            batch.Begin("meter");
            batch.Tag("pile", "P-000123");
            batch.Tag("port", n % 10);
            batch.Field("energy_wh", 1_234_567L + n);
            batch.Field("power_w", 812.5 + (n / 7.0));
            batch.Field("voltage_v", 229.8);
            batch.Field("current_a", 3.54);
            batch.Field("temperature_c", 31.25);
            batch.Field("session", "S-20261123-000123");
            batch.Field("online", true);
            batch.End(1_795_404_000_000_000_000 + n);
        }
        return batch.Lines;
    }

    private static int Read(byte[] answer, IAnswerParser parser)
    {
        const int Piece = 128 << 10;
        var (rows, start, end) = (0, 0, 0);
        var state = new JsonReaderState(new JsonReaderOptions { AllowMultipleValues = true });
        var sum = 0.0;
        while (start < answer.Length)
        {
            end = Math.Min(answer.Length, end + Piece);
            bool isPiece;
            do
            {
                var json = new Utf8JsonReader(answer.AsSpan(start, end - start), end == answer.Length, state);
                isPiece = parser.Read(ref json);
                start += (int)json.BytesConsumed;
                state = json.CurrentState;
                rows += isPiece ? Sum(parser.Series, ref sum) : 0;
            }
            while (isPiece);
        }
        rows += parser.End() ? Sum(parser.Series, ref sum) : 0;
        parser.Dispose();
        return rows == Rows ? rows : throw new InvalidOperationException($"{rows} rows.");
    }

    private static int Sum(InfluxSeries series, ref double sum)
    {
        for (var row = 0; row < series.Count; row++)
        {
            sum += series.Int64(row, 0)!.Value + series.Int64(row, 1)!.Value;
            for (var column = 2; column < 8; column++)
            {
                sum += series.Double(row, column)!.Value;
            }
            sum += series.Text(row, 8)!.Length + (series.Boolean(row, 9)!.Value ? 1 : 0);
        }
        return series.Count;
    }

    private static string V1Row(int n) => string.Create(
        CultureInfo.InvariantCulture,
        $"[{1_795_404_000_000_000_000 + n},{1_234_567 + n},{n / 7.0},229.8,3.54,31.25,{n / 3.0},0,\"S-20261123-000123\",true]");

    private static string V3Row(int n) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""
        {"iox::measurement":"m","time":"2026-11-23T00:00:00.{{n:d6}}","pile":"P-1","a":{{1_234_567 + n}},"b":{{n / 7.0}},
        "c":229.8,"d":3.54,"e":31.25,"f":{{n / 3.0}},"g":0.0,"session":"S-20261123-000123","quality":true}

        """);
}
