using System.Diagnostics;
using Grpc.Core;
using Grpc.Net.Client;
using SmartCity.Protocol.V1;

namespace SmartCity.Benchmarks;

/// <summary>A server with an empty data directory of its own, gone at the end; or with one that stays.</summary>
internal sealed class RunningServer : IAsyncDisposable
{
    private readonly DirectoryInfo folder;
    private readonly bool isKept;
    private readonly Process process;

    private RunningServer(string? keep, string[] settings)
    {
        isKept = keep is not null;
        folder = keep is null ? Directory.CreateTempSubdirectory("smartcity-benchmark-") : Directory.CreateDirectory(keep);
        MqttPort = Programs.FreePort();
        GrpcPort = Programs.FreePort();
        process = Programs.StartServer(folder.FullName, MqttPort, GrpcPort, Programs.FreePort(), settings);
        Channel = GrpcChannel.ForAddress(GrpcAddress, new GrpcChannelOptions { MaxReceiveMessageSize = 64 << 20 });
    }

    /// <summary>Where devices connect.</summary>
    public int MqttPort { get; }

    /// <summary>Where questions go.</summary>
    public int GrpcPort { get; }

    /// <summary>The API's address.</summary>
    public string GrpcAddress => $"http://127.0.0.1:{GrpcPort}";

    /// <summary>A channel to the API.</summary>
    public GrpcChannel Channel { get; }

    /// <summary>CPU time used so far.</summary>
    public TimeSpan Cpu
    {
        get
        {
            process.Refresh();
            return process.TotalProcessorTime;
        }
    }

    /// <summary>Resident memory, MiB.</summary>
    public double MemoryMiB
    {
        get
        {
            process.Refresh();
            return process.WorkingSet64 / 1048576.0;
        }
    }

    /// <summary>Size of a file of the data directory and its write-ahead log, bytes.</summary>
    public long Bytes(string name) => folder.EnumerateFiles(name + "*").Sum(f => f.Length);

    /// <summary>Starts it and waits until it answers.</summary>
    /// <param name="keep">A data directory that stays; otherwise one of its own.</param>
    /// <param name="settings">Where it gets its messages and keeps them; none: the embedded broker and the embedded store.</param>
    public static async Task<RunningServer> StartAsync(string? keep = null, params string[] settings)
    {
        var server = new RunningServer(keep, settings);
        var operations = new OperationsService.OperationsServiceClient(server.Channel);
        var deadline = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                await operations.GetIngestStatusAsync(new GetIngestStatusRequest());
                return server;
            }
            catch (RpcException e) when (e.StatusCode == StatusCode.Unavailable && deadline.Elapsed < TimeSpan.FromSeconds(60))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
            }
        }
    }

    /// <summary>Waits until nothing acknowledged is behind.</summary>
    public async Task DrainAsync()
    {
        var operations = new OperationsService.OperationsServiceClient(Channel);
        while ((await operations.GetIngestStatusAsync(new GetIngestStatusRequest())).MessagesBehind > 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }
    }

    // While it looks back it rests for longer than it works.
    private const int QuietSeconds = 20;

    /// <summary>Waits until it does nothing by itself any more: once its digests are made it looks back.</summary>
    public async Task SettleAsync()
    {
        for (var quiet = 0; quiet < QuietSeconds;)
        {
            var before = Cpu;
            await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
            quiet = Cpu - before < TimeSpan.FromMilliseconds(100) ? quiet + 1 : 0;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Channel.Dispose();
        await Programs.StopAsync(process);
        if (!isKept)
        {
            folder.Delete(recursive: true);
        }
    }
}
