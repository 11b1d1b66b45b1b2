using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace SmartCity.Server.Settings;

/// <summary>Reads what a person writes as an address to listen on: <c>127.0.0.1:1883</c>, <c>localhost:1883</c>, <c>*:1883</c>.</summary>
internal static class ListenAddress
{
    public static bool TryParse(string text, [NotNullWhen(true)] out IPEndPoint? endPoint)
    {
        endPoint = null;
        var colon = text.LastIndexOf(':');
        if (colon <= 0 || !ushort.TryParse(text.AsSpan(colon + 1), out var port))
        {
            return false;
        }
        var host = text[..colon];
        var address = host switch
        {
            "localhost" => IPAddress.Loopback,
            "*" => IPAddress.Any,
            _ => IPAddress.TryParse(host.Trim('[', ']'), out var parsed) ? parsed : null,
        };
        endPoint = address is null ? null : new IPEndPoint(address, port);
        return endPoint is not null;
    }
}
