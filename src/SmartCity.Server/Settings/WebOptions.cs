namespace SmartCity.Server.Settings;

/// <summary>Where the dashboard and gRPC-Web answer.</summary>
internal sealed class WebOptions
{
    /// <summary>Address and port.</summary>
    public string Listen { get; set; } = "127.0.0.1:5080";
}
