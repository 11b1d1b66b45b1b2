using SmartCity.Benchmarks;
using SmartCity.Benchmarks.Bridge;

// dotnet run --project tests/SmartCity.Benchmarks -- ingest|ceiling|bridge|stages|queries|history|influx [--seconds 60] [--rate 20000]
var options = BenchmarkOptions.Parse(args);
Programs.Published = options.Server;
return options.Name switch
{
    "ingest" => await IngestBenchmark.RunAsync(options),
    "ceiling" => await CeilingBenchmark.RunAsync(options),
    "bridge" => await BridgeBenchmark.RunAsync(options),
    "stages" => await StagesBenchmark.RunAsync(options),
    "influx" => InfluxBenchmark.Run(options),
    "history" => await HistoryBenchmark.RunAsync(options),
    "queries" => await QueryBenchmark.RunAsync(options),
    _ => BenchmarkOptions.Usage(),
};
