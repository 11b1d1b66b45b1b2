using SmartCity.Server;
using SmartCity.Server.Settings;
using SmartCity.Tests.EndToEnd;

namespace SmartCity.Tests.Settings;

public sealed class SecretFilesTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_file_with_the_name_of_a_setting_is_its_value_without_the_end_of_the_line()
    {
        Write("Mqtt__Password", "from the file\n");
        Write("Store__InfluxDb__Password", "pa ss\n");
        var configuration = ServerHost.CreateBuilder([$"--SecretsDirectory={folder.Path}"]).Configuration;
        Assert.Equal(("from the file", "pa ss"), (configuration["Mqtt:Password"], configuration["Store:InfluxDb:Password"]));
        Assert.Empty(SettingsCheck.Problems(configuration));
    }

    [Fact]
    public void What_is_said_on_the_command_line_goes_before_it()
    {
        Write("Mqtt__Password", "from the file");
        var configuration = ServerHost.CreateBuilder([$"--SecretsDirectory={folder.Path}", "--Mqtt:Password=said"]).Configuration;
        Assert.Equal("said", configuration["Mqtt:Password"]);
    }

    [Fact]
    public void A_mistyped_file_is_told_and_what_is_none_of_ours_is_left_alone()
    {
        Write("Mqtt__Pasword", "x");
        Write("tls.key", "somebody's");
        Write("Other__Key", "somebody's");
        var configuration = ServerHost.CreateBuilder([$"--SecretsDirectory={folder.Path}"]).Configuration;
        Assert.Contains("Did you mean Mqtt:Password?", Assert.Single(SettingsCheck.Problems(configuration)), StringComparison.Ordinal);
        Assert.Equal((null, null), (configuration["tls.key"], configuration["Other:Key"]));
    }

    [Fact]
    public void A_file_that_cannot_be_read_is_a_sentence_and_no_crash()
    {
        Write("Mqtt__Password", "x");
        // Nobody else opens it meanwhile, as if it were another user's.
        using var held = new FileStream(Path.Combine(folder.Path, "Mqtt__Password"), FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        var configuration = ServerHost.CreateBuilder([$"--SecretsDirectory={folder.Path}"]).Configuration;
        Assert.StartsWith(
            $"{folder.Path}/Mqtt__Password is a setting and cannot be read:", Assert.Single(SettingsCheck.Problems(configuration)),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_is_not_there_is_told_when_somebody_named_it()
    {
        var problems = SettingsCheck.Problems(ServerHost.CreateBuilder(["--SecretsDirectory=/no/such"]).Configuration);
        Assert.Equal("SecretsDirectory: there is no folder /no/such", Assert.Single(problems));
    }

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(folder.Path, name), text);
}
