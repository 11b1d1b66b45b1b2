using System.Diagnostics;
using System.Runtime.Versioning;
using System.Text.RegularExpressions;
using SmartCity.Server.Settings;
using SmartCity.Tests.EndToEnd;
using SmartCity.Tests.Structure;
using YamlDotNet.RepresentationModel;

namespace SmartCity.Tests.Compose;

/// <summary>What can be said of docker-compose.yml without starting anything.</summary>
[UnsupportedOSPlatform("windows")]
public sealed partial class ComposeTests
{
    private readonly ComposeFile compose = ComposeFile.Read();

    [Fact]
    public void The_servers_environment_and_secrets_are_settings_that_there_are()
    {
        var keys = compose.EnvironmentOf("smartcity").Keys.Concat(compose.SecretFilesOf("smartcity").Keys)
            .Select(key => key.Replace("__", ":", StringComparison.Ordinal)).ToList();
        Assert.Equal(12, keys.Count);
        Assert.All(keys, key => Assert.Contains(key, SettingsCheck.Known.Select(known => known.Key)));
    }

    [Fact]
    public void Whoever_begins_without_secrets_is_told_how_to_make_them()
    {
        const string script = "docs/examples/compose/make-secrets.sh";
        Assert.Contains($"${{SMARTCITY_SECRETS:?first run: sh {script}}}", ComposeFile.Text, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(Repository.Root, script)));
    }

    [Fact]
    public void No_secret_has_a_default_and_none_is_in_the_environment()
    {
        Assert.All(
            Repository.Lines("docker-compose.yml").Where(line => line.Contains("file: \"", StringComparison.Ordinal)),
            line => Assert.Matches(SecretLine(), line.Trim()));
        var environments = compose.Services.Where(name => compose.Service(name).Children.ContainsKey("environment"))
            .SelectMany(name => compose.EnvironmentOf(name));
        Assert.All(
            environments.Where(pair => Secretive().IsMatch(pair.Key)),
            pair => Assert.StartsWith("/run/secrets/", pair.Value, StringComparison.Ordinal));
        Assert.Equal(
            compose.Secrets.Order(StringComparer.Ordinal),
            compose.Services.SelectMany(name => compose.SecretFilesOf(name).Values).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_service_can_be_watched_and_is_published_to_this_machine_only()
    {
        foreach (var name in compose.Services)
        {
            Assert.All(compose.Words(name, "ports"), port => Assert.StartsWith("127.0.0.1:", port, StringComparison.Ordinal));
            Assert.Equal(["unless-stopped"], compose.Words(name, "restart"));
            Assert.True(name == "simulator" || compose.Service(name).Children.ContainsKey("healthcheck"), name);
        }
    }

    [Fact]
    public void Whoever_needs_another_waits_until_that_is_healthy()
    {
        var edges = from name in compose.Services
                    where compose.Service(name).Children.ContainsKey("depends_on")
                    from edge in ComposeFile.Map(compose.Service(name), "depends_on").Children
                    select (From: name, To: ComposeFile.Word(edge.Key), With: (YamlMappingNode)edge.Value);
        Assert.Equal(4, edges.Count());
        Assert.All(edges, edge =>
        {
            Assert.Equal("service_healthy", ComposeFile.Word(edge.With["condition"]));
            Assert.True(compose.Service(edge.To).Children.ContainsKey("healthcheck"), edge.To);
            // Compose refuses to wait for a service that no chosen profile has.
            var isOptional = compose.Service(edge.To).Children.ContainsKey("profiles");
            Assert.Equal(isOptional, edge.With.Children.TryGetValue("required", out var required) && ComposeFile.Word(required) == "false");
        });
    }

    [Fact]
    public void Every_file_and_volume_that_is_mounted_is_there()
    {
        var sources = compose.Services.SelectMany(name => compose.Words(name, "volumes")).Select(mount => mount.Split(':')[0]).ToList();
        Assert.All(sources.Where(source => source.StartsWith("./", StringComparison.Ordinal)), source =>
            Assert.True(Path.Exists(Path.Combine(Repository.Root, source)), source));
        Assert.Equal(
            compose.Volumes.Order(StringComparer.Ordinal),
            sources.Where(source => !source.StartsWith("./", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_targets_that_are_built_are_in_the_Dockerfile()
    {
        var stages = Repository.Lines("Dockerfile").Select(line => Stage().Match(line)).Where(stage => stage.Success)
            .Select(stage => stage.Groups[1].Value).ToList();
        foreach (var name in new[] { "smartcity", "simulator" })
        {
            Assert.Contains(Assert.Single(compose.Words(name, "build", "target")), stages);
        }
        Assert.Equal("server", stages[^1]); // What `docker build .` makes.
        Assert.Equal(2, Repository.Lines("Dockerfile").Count(line => line == "USER app"));
    }

    [Fact]
    public async Task InfluxDB_2_is_given_a_second_bucket_and_accounts_that_may_no_more_than_they_have_to()
    {
        using var folder = new TempFolder();
        // Says what `influx bucket create --hide-headers` is documented to say, and writes down what it was told.
        await File.WriteAllTextAsync(
            Path.Combine(folder.Path, "influx"),
            $"#!/bin/sh\necho \"$@\" >> {folder.Path}/told\nprintf 'rollup-id\\tsmartcity_rollup\\t0s\\n'\n");
        File.SetUnixFileMode(Path.Combine(folder.Path, "influx"), (UnixFileMode)0x1ED);
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "influx_smartcity"), "secret-of-server");
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "influx_grafana"), "secret-of-grafana");
        var script = (await File.ReadAllTextAsync(
            Path.Combine(Repository.Root, "docs/examples/compose/influxdb2.sh"), TestContext.Current.CancellationToken))
            .Replace("/run/secrets", folder.Path, StringComparison.Ordinal);
        var start = new ProcessStartInfo("sh", ["-c", script]);
        start.Environment["PATH"] = $"{folder.Path}:{start.Environment["PATH"]}";
        start.Environment["DOCKER_INFLUXDB_INIT_ORG"] = "smartcity";
        start.Environment["DOCKER_INFLUXDB_INIT_BUCKET_ID"] = "raw-id";
        await using var run = ChildProcess.Start(start);
        Assert.True(await run.EndAsync(TimeSpan.FromSeconds(20)) == 0, run.Output);
        Assert.Equal(
        [
            "bucket create --org smartcity --name smartcity_rollup --retention 0 --hide-headers",
            "v1 auth create --org smartcity --username smartcity --password secret-of-server "
                + "--read-bucket raw-id --write-bucket raw-id --read-bucket rollup-id --write-bucket rollup-id",
            "v1 auth create --org smartcity --username grafana --password secret-of-grafana --read-bucket raw-id --read-bucket rollup-id",
        ],
        await File.ReadAllLinesAsync(Path.Combine(folder.Path, "told"), TestContext.Current.CancellationToken));
        var environment = compose.EnvironmentOf("influxdb");
        Assert.Equal("smartcity", environment["DOCKER_INFLUXDB_INIT_BUCKET"]); // The server's Database and RollupDatabase.
    }

    [GeneratedRegex(@"^[a-z0-9_.]+: \{file: ""\$\{SMARTCITY_SECRETS(:\?[^}]+)?\}/[a-z0-9_.]+""\}$")]
    private static partial Regex SecretLine();

    [GeneratedRegex("PASSWORD|TOKEN|SECRET", RegexOptions.IgnoreCase)]
    private static partial Regex Secretive();

    [GeneratedRegex(@"^FROM \S+ AS (\w+)$")]
    private static partial Regex Stage();
}
