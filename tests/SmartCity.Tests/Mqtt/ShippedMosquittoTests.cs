using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using MQTTnet;
using MQTTnet.Exceptions;
using SmartCity.Tests.EndToEnd;
using SmartCity.Tests.Structure;

namespace SmartCity.Tests.Mqtt;

/// <summary>A real mosquitto with the files in docs/examples/mosquitto; only paths and ports are others.</summary>
public sealed class ShippedMosquittoTests : IDisposable
{
    private const string Host = "127.0.0.1";
    private const string Folder = "docs/examples/mosquitto";
    private readonly TempFolder folder = new();
    private readonly TestAuthority authority;

    public ShippedMosquittoTests() => authority = new TestAuthority(folder.Path, "city-ca");

    public void Dispose()
    {
        authority.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task A_device_reports_for_itself_and_for_nobody_else()
    {
        await using var mosquitto = await StartAsync();
        await using var server = await Bridge.ConnectedAsync($"mqtt://smartcity:{PasswordOf("smartcity")}@{Host}:{mosquitto.Port}");
        // With the server's name for its client id: the broker gives it its own all the same.
        await using var device = await ConnectAsync(mosquitto, "P-1", clientId: "smartcity");
        var notes = new ConcurrentBag<string>();
        await device.SubscribeAsync("smartcity/v1/+/+/+/errors", message => notes.Add(message.Topic));
        var other = Bridge.Meter.Replace("P-1", "P-2", StringComparison.Ordinal);
        Assert.Equal(MqttClientPublishReasonCode.Success, await device.PublishAsync(Bridge.Meter, Bridge.Message(1)));
        Assert.Equal(MqttClientPublishReasonCode.NotAuthorized, await device.PublishAsync(other, Bridge.Message(2)));
        Assert.Equal(
            MqttClientPublishReasonCode.NotAuthorized,
            await device.PublishAsync("smartcity/v1/state/220204/pile/P-1", Bridge.Message(3)));
        Assert.Equal(MqttClientPublishReasonCode.Success, await device.PublishAsync(Bridge.Meter, Bridge.Message(4, port: 99)));
        var status = await server.SettledAsync(2);
        Assert.Equal((1, 1), (status.MessagesStored, status.MessagesDead));
        Assert.True(status.Brokers[0] is { Connected: true, Problem: "" }, status.Brokers[0].Problem);
        await TestServer.EventuallyAsync(() => Task.FromResult(!notes.IsEmpty), "a note why one was set aside");
        Assert.All(notes, topic => Assert.Equal("smartcity/v1/220204/pile/P-1/errors", topic));
    }

    [Fact]
    public async Task Strangers_are_refused_and_what_is_too_large_is_set_aside_or_refused()
    {
        await using var mosquitto = await StartAsync();
        await using var server = await Bridge.ConnectedAsync($"mqtt://smartcity:{PasswordOf("smartcity")}@{Host}:{mosquitto.Port}");
        await Assert.ThrowsAsync<Xunit.Sdk.EqualException>(() => ConnectAsync(mosquitto, "P-1", password: "guessed"));
        await Assert.ThrowsAsync<Xunit.Sdk.EqualException>(() => TestDevice.ConnectAsync(mosquitto.Port)); // No name at all.
        await using var device = await ConnectAsync(mosquitto, "P-1");
        Assert.Equal(MqttClientPublishReasonCode.Success, await device.PublishAsync(Bridge.Meter, new string(' ', 100_000)));
        Assert.NotEqual(MqttClientPublishReasonCode.Success, await device.PublishAsync(Bridge.Meter, new string(' ', 140_000)));
        Assert.Equal(1, (await server.SettledAsync(1)).MessagesDead);
        await Assert.ThrowsAnyAsync<Exception>(() => device.PublishAsync(Bridge.Meter, new string(' ', 300_000)));
        device.Vanish(); // The broker has ended the connection.
    }

    private static string PasswordOf(string user) => $"secret-of-{user}";

    private static string Read(string name) => File.ReadAllText(Path.Combine(Repository.Root, Folder, name));

    private async Task<Mosquitto> StartAsync()
    {
        var (certificate, key) = authority.Issue(Host);
        Directory.CreateDirectory(Path.Combine(folder.Path, "certs"));
        File.Copy(certificate, Path.Combine(folder.Path, "certs/broker.pem"));
        File.Copy(key, Path.Combine(folder.Path, "certs/broker.key"));
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "acl"), Read("acl"));
        foreach (var user in (string[])["smartcity", "P-1", "P-2"])
        {
            await MosquittoPasswords.AddAsync(Path.Combine(folder.Path, "passwords"), user, PasswordOf(user));
        }
        return await Mosquitto.StartAsync(broker =>
        [
            "user root",
            Read("mosquitto.conf")
                .Replace("/etc/mosquitto/", folder.Path + "/", StringComparison.Ordinal)
                .Replace("/var/lib/mosquitto/", folder.Path + "/", StringComparison.Ordinal)
                .Replace("listener 8883", $"listener {broker.TlsPort} {Host}", StringComparison.Ordinal)
                .Replace("listener 1883", $"listener {broker.Port}", StringComparison.Ordinal),
        ]);
    }

    private async Task<TestDevice> ConnectAsync(Mosquitto mosquitto, string user, string? clientId = null, string? password = null)
    {
        using var trusted = X509CertificateLoader.LoadCertificateFromFile(authority.File);
        return await TestDevice.ConnectAsync(mosquitto.TlsPort, clientId ?? user, configure: options => options
            .WithCredentials(user, password ?? PasswordOf(user))
            .WithTlsOptions(tls => tls.WithTrustChain([trusted]).WithRevocationMode(X509RevocationMode.NoCheck)));
    }
}
