using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using MQTTnet;
using SmartCity.Cli;
using SmartCity.Tests.EndToEnd;

namespace SmartCity.Tests.Mqtt;

/// <summary>TLS to a real mosquitto, and what an operator is told who got it wrong.</summary>
public sealed class BrokerTlsTests : IDisposable
{
    private const string Host = "127.0.0.1";
    private const string Secret = "s3cret-of-the-bridge";
    private readonly TempFolder folder = new();
    private readonly TestAuthority ours;
    private readonly TestAuthority others;

    public BrokerTlsTests() =>
        (ours, others) = (new TestAuthority(folder.Path, "city-ca"), new TestAuthority(folder.Path, "other-ca"));

    public void Dispose()
    {
        ours.Dispose();
        others.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task Readings_come_over_TLS_with_a_password()
    {
        await using var mosquitto = await StartAsync(
            ours.Issue(Host), "allow_anonymous false", $"password_file {await PasswordsAsync()}");
        await using var server = await ReadingFromAsync(
            $"mqtts://{Host}:{mosquitto.Port}", $"--Mqtt:CaFile={ours.File}", "--Mqtt:Username=bridge", $"--Mqtt:Password={Secret}");
        await PublishedIsStoredAsync(server, mosquitto.Port, options => options.WithCredentials("bridge", Secret));
    }

    [Fact]
    public async Task Readings_come_over_TLS_with_a_certificate_of_ours_and_a_renewed_one_is_taken_without_a_restart()
    {
        await using var mosquitto = await StartAsync(
            ours.Issue(Host), $"cafile {ours.File}", "require_certificate true", "use_identity_as_username true");
        var own = ours.Issue("bridge");
        var (certificate, key) = others.Issue("bridge");
        await using var server = await ReadingFromAsync(
            $"mqtts://{Host}:{mosquitto.Port}", $"--Mqtt:CaFile={ours.File}", $"--Mqtt:CertificateFile={certificate}",
            $"--Mqtt:KeyFile={key}");
        await ToldAsync(server, "the broker refuses our certificate");
        File.Copy(own.Certificate, certificate, overwrite: true);
        File.Copy(own.Key, key, overwrite: true);
        using var shown = X509Certificate2.CreateFromPemFile(own.Certificate, own.Key);
        await PublishedIsStoredAsync(server, mosquitto.Port, options => options.WithCredentials("ignored"), shown);
    }

    [Theory]
    [InlineData("another CA", "which is not the CA in Mqtt:CaFile: put the certificate of that CA there")]
    [InlineData("no CA", "which this machine does not know: name the PEM file of that CA in Mqtt:CaFile")]
    [InlineData("expired", "the broker's certificate expired on ")]
    [InlineData("another name", "is for broker.example and not for 127.0.0.1: write one of its names in Mqtt:Broker")]
    [InlineData("no certificate", "wants a certificate of ours: name one in Mqtt:CertificateFile")]
    [InlineData("our certificate expired", "our certificate in Mqtt:CertificateFile expired on ")]
    [InlineData("wrong password", "check Mqtt:Username and Mqtt:Password")]
    [InlineData("TLS on the plain port", "is {port} its port for TLS?")]
    [InlineData("plain on the TLS port", "write mqtts:// in Mqtt:Broker")]
    public async Task What_is_wrong_and_what_to_do_is_told_within_10_seconds_by_log_status_and_health(string wrong, string told)
    {
        await using var mosquitto = await (wrong switch
        {
            "another CA" => StartAsync(others.Issue(Host)),
            "expired" => StartAsync(ours.Issue(Host, expired: true)),
            "another name" => StartAsync(ours.Issue("broker.example")),
            "no certificate" or "our certificate expired" =>
                StartAsync(ours.Issue(Host), $"cafile {ours.File}", "require_certificate true"),
            "wrong password" => StartAsync(ours.Issue(Host), "allow_anonymous false", $"password_file {await PasswordsAsync()}"),
            "TLS on the plain port" => Mosquitto.StartAsync(),
            _ => StartAsync(ours.Issue(Host)),
        });
        var (certificate, key) = ours.Issue("bridge", expired: true);
        string[] own = wrong == "our certificate expired" ? [$"--Mqtt:CertificateFile={certificate}", $"--Mqtt:KeyFile={key}"] : [];
        var plain = wrong == "plain on the TLS port";
        string[] authority = wrong == "no CA" || plain ? [] : [$"--Mqtt:CaFile={ours.File}"];
        await using var server = await ReadingFromAsync(
            $"{(plain ? "mqtt" : "mqtts")}://bridge:wrong-{Secret}@{Host}:{mosquitto.Port}", [.. authority, .. own]);
        var began = Stopwatch.GetTimestamp();
        await ToldAsync(server, told.Replace("{port}", $"{mosquitto.Port}", StringComparison.Ordinal));
        Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(10), string.Join('\n', server.Log.All));
    }

    private static Task<Mosquitto> StartAsync((string Certificate, string Key) files, params string[] settings) =>
        Mosquitto.StartAsync(
        [
            $"certfile {files.Certificate}", $"keyfile {files.Key}",
            .. settings.Contains("allow_anonymous false") ? settings : ["allow_anonymous true", .. settings],
        ]);

    private static Task<TestServer> ReadingFromAsync(string broker, params string[] settings) =>
        TestServer.StartAsync(settings: ["--Mqtt:Listen=", $"--Mqtt:Broker={broker}", .. settings]);

    private static async Task ToldAsync(TestServer server, string words)
    {
        using var browser = new HttpClient { BaseAddress = new Uri(server.WebAddress) };
        string status = "", health = "";
        await TestServer.EventuallyAsync(
            async () =>
            {
                status = await IngestAsync(server);
                health = await browser.GetStringAsync("/healthz", TestContext.Current.CancellationToken);
                return Says(status) && Says(health) && server.Log.All.Any(Says);
            },
            () => $"\"{words}\" is told by status\n{status}\nhealth\n{health}\nand log\n{string.Join('\n', server.Log.All)}");
        Assert.StartsWith("Degraded\n", health, StringComparison.Ordinal);
        Assert.Contains("\nbroker: ", health, StringComparison.Ordinal);
        Assert.DoesNotContain(server.Log.All.Append(status).Append(health), text => text.Contains(Secret, StringComparison.Ordinal));

        bool Says(string text) => text.Contains(words, StringComparison.Ordinal);
    }

    private static async Task<string> IngestAsync(TestServer server)
    {
        using var output = new StringWriter(CultureInfo.InvariantCulture);
        await CommandLine.RunAsync(["ingest", "--server", server.GrpcAddress], output, output, TestContext.Current.CancellationToken);
        return output.ToString();
    }

    private async Task PublishedIsStoredAsync(
        TestServer server, int port, Action<MqttClientOptionsBuilder> configure, X509Certificate2? shown = null)
    {
        await server.ImportFirstPileAsync();
        await TestServer.EventuallyAsync(
            async () => (await server.StatusAsync()).Brokers[0] is { Connected: true, Problem: "" }, "connected to the broker");
        using var authority = X509CertificateLoader.LoadCertificateFromFile(ours.File);
        await using var device = await TestDevice.ConnectAsync(port, configure: options =>
        {
            configure(options);
            options.WithTlsOptions(tls => tls.WithTrustChain([authority]).WithRevocationMode(X509RevocationMode.NoCheck)
                .WithClientCertificates(shown is null ? [] : [shown]));
        });
        var time = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        await device.PublishAsync(
            "smartcity/v1/220204/pile/P-1/meter", $$"""{"boot":"b","seq":1,"records":[{"time":{{time}},"port":1,"powerW":1}]}""");
        Assert.Equal(1, (await server.SettledAsync(1)).MessagesStored);
        Assert.DoesNotContain(server.Log.All, text => text.Contains(Secret, StringComparison.Ordinal));
    }

    private async Task<string> PasswordsAsync()
    {
        var file = Path.Combine(folder.Path, "passwords");
        await MosquittoPasswords.AddAsync(file, "bridge", Secret);
        return file;
    }
}
