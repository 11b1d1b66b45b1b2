namespace SmartCity.Server.Settings;

/// <summary>What is not a section of its own.</summary>
/// <param name="DataDirectory">Where everything is kept.</param>
/// <param name="Demo">Run simulated devices beside the server.</param>
/// <param name="AllowInsecure">Listen unencrypted beyond this machine, if the addresses say so.</param>
internal sealed record ServerOptions(string DataDirectory, bool Demo, bool AllowInsecure)
{
    public static ServerOptions From(IConfiguration configuration) => new(
        configuration["DataDirectory"]!, SettingsCheck.IsTrue(configuration["Demo"]),
        SettingsCheck.IsTrue(configuration["AllowInsecure"]));
}
