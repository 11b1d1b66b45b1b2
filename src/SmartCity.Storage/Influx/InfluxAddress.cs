using System.Net.Http.Headers;
using System.Text;

namespace SmartCity.Storage.Influx;

/// <summary>Where InfluxDB is and who we are there.</summary>
internal sealed class InfluxAddress
{
    private readonly string user;
    private readonly string secret;
    private readonly bool isToken;

    private InfluxAddress(Uri url, string user, string secret, bool isToken) =>
        (Url, this.user, this.secret, this.isToken) = (url, user, secret, isToken);

    /// <summary>Without user and password: it may be shown.</summary>
    public Uri Url { get; }

    private string UserAndSecret =>
        Convert.ToBase64String(Encoding.UTF8.GetBytes($"{(isToken && user.Length == 0 ? "smartcity" : user)}:{secret}"));

    /// <summary>Whether any credentials are configured.</summary>
    public bool HasCredentials => user.Length > 0 || secret.Length > 0;

    /// <summary>What is wrong with the settings; null when they can be used.</summary>
    public static string? ProblemOf(InfluxOptions options)
    {
        if (!Uri.TryCreate(options.Url, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
        {
            return "Store:InfluxDb:Url is not an address such as http://127.0.0.1:8086";
        }
        if (url.Query.Length > 0 || url.Fragment.Length > 0)
        {
            return "Store:InfluxDb:Url must end with the path: Database, RollupDatabase and Token are settings of their own";
        }
        return (options.User + options.Password + options.Token.Trim()).Any(char.IsControl)
            ? "Store:InfluxDb:User, Password or Token has a line break or another control character in it"
            : null;
    }

    /// <summary>The address, with the credentials that belong to it.</summary>
    public static InfluxAddress Parse(InfluxOptions options)
    {
        if (ProblemOf(options) is { } problem)
        {
            throw new ArgumentException(problem, nameof(options));
        }
        var url = new Uri(options.Url);
        var shown = new UriBuilder(url) { UserName = "", Password = "" }.Uri;
        if (options.Token.Length > 0)
        {
            return new InfluxAddress(shown, options.User, options.Token.Trim(), isToken: true);
        }
        if (options.User.Length > 0 || url.UserInfo.Length == 0)
        {
            return new InfluxAddress(shown, options.User, options.Password, isToken: false);
        }
        var parts = url.UserInfo.Split(':', 2);
        return new InfluxAddress(
            shown, Uri.UnescapeDataString(parts[0]), parts.Length > 1 ? Uri.UnescapeDataString(parts[1]) : "", isToken: false);
    }

    /// <summary>The header of a request. Only Basic is understood by all versions of the V1 interface, with a token as the
    /// password of any user.</summary>
    public AuthenticationHeaderValue? Authorization(InfluxProfile profile)
    {
        if (!HasCredentials)
        {
            return null;
        }
        return isToken && profile == InfluxProfile.V3
            ? new AuthenticationHeaderValue("Bearer", secret)
            : new AuthenticationHeaderValue("Basic", UserAndSecret);
    }

    /// <summary>Words of a server as they may be shown: it may repeat what it was sent.</summary>
    public string Redact(string text) => secret.Length == 0
        ? text
        : text.Replace(secret, "***", StringComparison.Ordinal).Replace(UserAndSecret, "***", StringComparison.Ordinal);
}
