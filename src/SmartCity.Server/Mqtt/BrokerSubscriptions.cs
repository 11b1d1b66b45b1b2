using SmartCity.Protocol.Mqtt;
using SmartCity.Server.Settings;

namespace SmartCity.Server.Mqtt;

/// <summary>Remembers what the session that the broker keeps for us is subscribed to. MQTT has no way to ask, and a filter that
/// nobody unsubscribes goes on bringing messages after the settings have changed.</summary>
internal sealed class BrokerSubscriptions(ServerOptions server)
{
    private readonly string path = Path.Combine(server.DataDirectory, "broker-subscriptions.txt");

    /// <summary>Filters that may be subscribed to in the session and are not wanted any more.</summary>
    public IReadOnlyList<string> Stale(string session, IReadOnlyList<string> wanted)
    {
        // Before there was this file, everything was subscribed to.
        string[] lines = File.Exists(path) ? File.ReadAllLines(path) : [session, .. Topics.UplinkFilters];
        return lines.FirstOrDefault() == session ? [.. lines.Skip(1).Except(wanted)] : [];
    }

    /// <summary>Keeps what is subscribed to from now on; at the first of two calls also what is about to go.</summary>
    public void Keep(string session, IEnumerable<string> filters)
    {
        string[] lines = [session, .. filters];
        if (File.Exists(path) && File.ReadLines(path).SequenceEqual(lines))
        {
            return;
        }
        File.WriteAllLines(path + ".new", lines);
        File.Move(path + ".new", path, overwrite: true);
    }
}
