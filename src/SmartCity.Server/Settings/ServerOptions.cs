namespace SmartCity.Server.Settings;

/// <summary>What is not a section of its own.</summary>
internal sealed record ServerOptions(string DataDirectory, bool Demo)
{
    public static ServerOptions From(IConfiguration configuration)
    {
        var demo = configuration.GetValue("Demo", false);
        // The demo's invented readings must never end up among real ones.
        return new ServerOptions(configuration["DataDirectory"] ?? (demo ? "./data/demo" : "./data"), demo);
    }

    /// <summary>A file or folder of the data directory.</summary>
    public string PathOf(string name) => Path.Combine(Path.GetFullPath(DataDirectory), name);
}
