using System.Diagnostics.CodeAnalysis;

namespace SmartCity.Server.Settings;

/// <summary>An external broker as a person writes it: <c>mqtt://[user:password@]host[:port]</c>, or <c>mqtts://</c> with TLS.</summary>
internal sealed record BrokerAddress(string Host, int Port, bool Tls, string? Username, string? Password)
{
    /// <summary>The address without the password.</summary>
    public string Display => $"{(Tls ? "mqtts" : "mqtt")}://{Host}:{Port}";

    /// <summary>The same: wherever it is written down, the password is not.</summary>
    public override string ToString() => Display;

    public static bool TryParse(
        string text, [NotNullWhen(true)] out BrokerAddress? address, [NotNullWhen(false)] out string? problem)
    {
        address = null;
        problem = "takes mqtt://host:1883 or mqtts://host:8883, with user:password@ before the host if needed";
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("mqtt" or "mqtts") || uri.Host.Length == 0
            || uri.PathAndQuery is not ("" or "/"))
        {
            return false;
        }
        problem = null;
        var tls = uri.Scheme == "mqtts";
        var user = uri.UserInfo.Split(':', 2);
        address = new BrokerAddress(
            uri.IdnHost, uri.Port > 0 ? uri.Port : tls ? 8883 : 1883, tls,
            user[0].Length > 0 ? Uri.UnescapeDataString(user[0]) : null, user.Length > 1 ? Uri.UnescapeDataString(user[1]) : null);
        return true;
    }
}
