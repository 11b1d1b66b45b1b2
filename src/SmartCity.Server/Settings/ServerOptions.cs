namespace SmartCity.Server.Settings;

/// <summary>What is not a section of its own.</summary>
/// <param name="DataDirectory">Where everything is kept.</param>
/// <param name="Demo">Run simulated devices beside the server.</param>
/// <param name="AllowInsecure">Listen unencrypted beyond this machine, if the addresses say so.</param>
internal sealed record ServerOptions(string DataDirectory, bool Demo, bool AllowInsecure)
{
    public static ServerOptions From(IConfiguration configuration)
    {
        var demo = configuration.GetValue("Demo", false);
        // The demo's invented readings must never end up among real ones.
        return new ServerOptions(configuration["DataDirectory"] ?? (demo ? "./data/demo" : "./data"), demo,
            configuration.GetValue("AllowInsecure", false));
    }

    /// <summary>A file or folder of the data directory.</summary>
    public string PathOf(string name) => Path.Combine(Path.GetFullPath(DataDirectory), name);
}
