using System.ComponentModel.DataAnnotations;

namespace SmartCity.Storage.Influx;

/// <summary>Which of InfluxDB's two HTTP interfaces is spoken.</summary>
public enum InfluxProfile
{
    /// <summary>The one that suits what the server says about itself.</summary>
    Auto,

    /// <summary><c>/write</c> and <c>/query</c>: 1.x, 2.x, Cloud Dedicated, Clustered and Serverless.</summary>
    V1,

    /// <summary><c>/api/v3/...</c>: 3 Core, Enterprise and Cloud.</summary>
    V3,
}

/// <summary>The InfluxDB that keeps the telemetry.</summary>
public sealed class InfluxOptions
{
    /// <summary>Where it answers, e.g. https://influx.example.org:8086. A user and a password in it are used, and never
    /// shown.</summary>
    public string Url { get; set; } = "http://127.0.0.1:8086";

    /// <summary>The database (2.x: bucket) of what devices send.</summary>
    [Required, RegularExpression("^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$", ErrorMessage = NameRule)]
    public string Database { get; set; } = "smartcity";

    /// <summary>The database (2.x: bucket) of hours and days, which are usually kept for longer.</summary>
    [Required, RegularExpression("^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$", ErrorMessage = NameRule)]
    public string RollupDatabase { get; set; } = "smartcity_rollup";

    /// <summary>This server's name among those that write to the same databases: each needs another. It reads what was written under
    /// it, and a new machine that is given the name goes on where the old one ended.</summary>
    [Required, RegularExpression("^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$", ErrorMessage = "takes 1..63 letters, digits, '-', '_' and '.'")]
    public string Instance { get; set; } = "main";

    /// <summary>User of a 1.x server with authentication, or of a 2.x server with 1.x credentials.</summary>
    public string User { get; set; } = "";

    /// <summary>The user's password.</summary>
    public string Password { get; set; } = "";

    /// <summary>API token of a 2.x or 3.x server; it goes before user and password.</summary>
    public string Token { get; set; } = "";

    /// <summary>Auto, V1 or V3; only needed where a proxy hides what the server is.</summary>
    public InfluxProfile Profile { get; set; } = InfluxProfile.Auto;

    /// <summary>Lines in one write request.</summary>
    [Range(1, 50_000)]
    public int BatchLinesMax { get; set; } = 5_000;

    /// <summary>Bytes in one write request; a 3.x server takes at most 10 MB unless told otherwise.</summary>
    [Range(64 << 10, 24 << 20)]
    public int BatchBytesMax { get; set; } = 2 << 20;

    /// <summary>Write requests at one time; a 3.x server confirms each only after up to a second.</summary>
    [Range(1, 64)]
    public int WritesMax { get; set; } = 4;

    /// <summary>How long one request may go without an answer, in seconds.</summary>
    [Range(1, 600)]
    public int TimeoutSeconds { get; set; } = 30;

    /// <summary>How often the days of <see cref="RollupDatabase"/> are compared with what is known now and mended, in minutes; 0:
    /// never.</summary>
    [Range(0, 1_440)]
    public int RollupMinutes { get; set; } = 60;

    /// <summary>What no attribute can say: why address or credentials cannot be used, without secrets; null when they can.</summary>
    public static string? ProblemOf(InfluxOptions options) => InfluxAddress.ProblemOf(options);

    private const string NameRule = "takes 1..63 letters, digits, '-' and '_', a letter or digit first";
}
