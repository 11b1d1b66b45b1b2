using System.Security.Authentication;

namespace SmartCity.Storage.Influx;

/// <summary>Says what is wrong with InfluxDB and what to do, naming the setting. No sentence holds a password or token.</summary>
internal static class InfluxAdvice
{
    /// <summary>Why there was no answer.</summary>
    public static string OfSilence(Exception e) => e switch
    {
        HttpRequestException { InnerException: AuthenticationException tls } =>
            $"no TLS connection: {tls.Message} Its certificate must be trusted on this machine and name this host; https:// in "
            + "Store:InfluxDb:Url is only for an InfluxDB that speaks TLS",
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } =>
            "its host name is not known. Correct Store:InfluxDb:Url",
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } =>
            $"{e.Message}. Start InfluxDB, or correct host and port in Store:InfluxDb:Url",
        HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse or HttpRequestError.ResponseEnded } =>
            "it closed the connection or spoke something else than HTTP. It may be restarting, or the port in Store:InfluxDb:Url "
            + "is not InfluxDB's HTTP port",
        _ => $"{(e.InnerException ?? e).Message} It may have been restarted, or something between us and it cuts connections",
    };

    /// <summary>Nobody there takes connections, and nobody refuses them.</summary>
    public const string OfNobody = "no connection to it can be made, and none is refused: a firewall swallows them, or host and port in "
        + "Store:InfluxDb:Url are another machine's. Correct Store:InfluxDb:Url, or let us through";

    /// <summary>Somebody there takes connections, and that is all.</summary>
    public static string OfNoWord(TimeSpan patience) =>
        $"it takes connections and says nothing for {patience.TotalSeconds} s when asked what it is. It may hang or be overloaded (see its "
        + "own log), or host and port in Store:InfluxDb:Url lead to something else: InfluxDB listens on 8086 (1.x, 2.x) or 8181 (3.x)";

    /// <summary>Whether the exception is the network's or the server's, not ours.</summary>
    public static bool IsSilence(Exception e) => e is HttpRequestException or IOException;

    /// <summary>What a person reads when a request did not succeed.</summary>
    public static string Of(InfluxHttp http, string database, WriteOutcome outcome)
    {
        var at = $"InfluxDB at {http.Address.Url}";
        if (outcome.HttpStatus is null)
        {
            return $"{at} does not answer: {outcome.Detail}"; // In our own words.
        }
        var said = outcome.Detail.Length == 0 ? "" : $": {http.Address.Redact(outcome.Detail)}";
        var answer = $"(HTTP {outcome.HttpStatus}{said})";
        return (outcome.Class, outcome.HttpStatus) switch
        {
            (_, 401) when !http.Address.HasCredentials =>
                $"{at} wants to know who we are {answer}. Set Store:InfluxDb:Token (2.x, 3.x), or Store:InfluxDb:User and "
                + "Store:InfluxDb:Password (1.x)",
            (_, 401) =>
                $"{at} does not accept our credentials {answer}. Correct Store:InfluxDb:Token (2.x, 3.x), or Store:InfluxDb:User "
                + "and Store:InfluxDb:Password (1.x)",
            (_, 403) =>
                $"{at} does not let us use database '{database}' {answer}. Allow our user or token to read and write it (1.x: "
                + $"GRANT ALL ON \"{database}\" TO our user), or set another Store:InfluxDb:User or Store:InfluxDb:Token",
            (WriteClass.ConfigFault, 404) =>
                $"{at} has no database '{database}' {answer}. Create it (1.x: CREATE DATABASE \"{database}\"; 2.x: a bucket of "
                + $"that name, before 2.4 also a DBRP mapping to it), or correct {Setting(http, database)}",
            (WriteClass.ConfigFault, 400 or 422 or 500) =>
                $"{at} cannot take anything for database '{database}' {answer}. Raise that limit in InfluxDB's configuration, or "
                + $"correct {Setting(http, database)}",
            (WriteClass.ConfigFault, _) =>
                $"What answers at {http.Address.Url} is no InfluxDB, or one that speaks another interface {answer}. Correct "
                + "Store:InfluxDb:Url, or Store:InfluxDb:Profile",
            (WriteClass.Throttled, _) =>
                $"{at} wants less from us {answer}. Its limits or its plan must allow what comes in; until then that waits "
                + "in the journal",
            (_, >= 500 or 408) => $"{at} fails {answer}. Its own log says why",
            _ => $"{at} refuses database '{database}' {answer}",
        };
    }

    /// <summary>Why we wait no longer.</summary>
    public static string OfTimeout(InfluxOptions options) =>
        $"no answer for {options.TimeoutSeconds} s. It is overloaded, or something on the way to it swallows what we send; "
        + "Store:InfluxDb:TimeoutSeconds is how long we wait";

    private static string Setting(InfluxHttp http, string database) =>
        database == http.Options.Database ? "Store:InfluxDb:Database" : "Store:InfluxDb:RollupDatabase";
}
