using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using SmartCity.Server.Settings;
using SmartCity.Storage.Registry;
using SmartCity.Tests.Structure;

namespace SmartCity.Tests.Settings;

public sealed partial class SettingsCheckTests
{
    [Fact]
    public void The_defaults_are_fine() => Assert.Empty(Problems());

    [Theory]
    [InlineData("charging:MaxSessionHours", "10.5")]
    [InlineData("Charging:PortTempC", "60")]
    [InlineData("sanitation:FinalAfterHours", "48")]
    [InlineData("Journal:BytesMax", "1073741824")]
    [InlineData("Demo", "True")]
    public void A_setting_that_the_documents_name_is_taken(string key, string value) =>
        Assert.Empty(Problems($"--{key}={value}"));

    [Fact]
    public void The_operations_page_lists_every_setting_and_its_default() => Assert.Equal(
        SettingsCheck.Known.Select(setting => $"| `{setting.Key}` | {setting.Default} |"),
        Repository.Lines("docs/operations.md").Select(line => SettingRow().Match(line)).Where(row => row.Success)
            .Select(row => row.Value));

    [Theory]
    [InlineData("Mqtt:Lisen", "127.0.0.1:1884", "Mqtt:Listen")]
    [InlineData("mqtt:recievemaximum", "5", "Mqtt:ReceiveMaximum")]
    [InlineData("Telemetry:LateDay", "5", "Telemetry:LateDays")]
    [InlineData("DataDirectry", "x", "DataDirectory")]
    public void A_mistyped_key_is_named_with_the_one_that_was_meant(string key, string value, string meant)
    {
        var problem = Assert.Single(Problems($"--{key}={value}"));
        Assert.Contains(key, problem, StringComparison.OrdinalIgnoreCase);
        Assert.Contains($"Did you mean {meant}?", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void All_problems_are_told_at_once() => Assert.Equal(
        5,
        Problems(
            "--Mqtt:ReceiveMaximum=0", "--Mqtt:Listen=nowhere", "--Web:Port=80", "--Telemetry:LateDays=ninety",
            "--Mqtt:Broker=tcp://x").Count);

    [Theory]
    [InlineData("Mqtt:ReceiveMaximum", "5001")]
    [InlineData("Mqtt:ReceiveMaximum", "many")]
    [InlineData("Mqtt:ClientId", "a b")]
    [InlineData("Mqtt:Broker", "http://host")]
    [InlineData("Mqtt:Broker", "host:1883")]
    [InlineData("Grpc:Listen", "")]
    [InlineData("Grpc:Listen", "127.0.0.1")]
    [InlineData("Ingest:BatchMessages", "0")]
    [InlineData("Charging:RiseFactor", "much")]
    [InlineData("Charging:RiseFactor", "10.4")]
    [InlineData("Charging:MaxSessionHours", "0.6")]
    [InlineData("Sanitation:EvidenceMaxM", "500.1")]
    [InlineData("Sanitation:ServiceDayStartHour", "13")]
    [InlineData("AllowInsecure", "perhaps")]
    [InlineData("DataDirectory", "")]
    [InlineData("Registry:ConnectionString", "Host=db")]
    public void A_value_out_of_its_range_is_refused_by_name(string key, string value) =>
        Assert.Contains(key, Assert.Single(Problems($"--{key}={value}")), StringComparison.Ordinal);

    [Theory]
    [InlineData("Mqtt:Areas: '2202", "--Mqtt:Areas=2202,220203", "--Mqtt:Broker=mqtt://h")]
    [InlineData("Mqtt:SharedGroup: 'a/b", "--Mqtt:SharedGroup=a/b", "--Mqtt:Broker=mqtt://h")]
    [InlineData("Mqtt:Areas: '220204' is about an external broker, and Mqtt:Broker names none", "--Mqtt:Areas=220204")]
    [InlineData("Mqtt:CaFile: 'ca.pem' is for TLS: write mqtts://", "--Mqtt:CaFile=ca.pem", "--Mqtt:Broker=mqtt://h")]
    [InlineData("Mqtt:CaFile: there is no file ", "--Mqtt:CaFile=/no/ca.pem", "--Mqtt:Broker=mqtts://h")]
    [InlineData("Mqtt:CertificateFile: needs its private key", "--Mqtt:CertificateFile=/no/c.pem", "--Mqtt:Broker=mqtts://h")]
    [InlineData("Mqtt:KeyFile: belongs to a certificate", "--Mqtt:KeyFile=/no/c.key", "--Mqtt:Broker=mqtts://h")]
    public void What_is_said_of_the_broker_has_to_fit_together(string problem, params string[] settings) =>
        Assert.StartsWith(problem, Assert.Single(Problems(settings)), StringComparison.Ordinal);

    [Fact]
    public void A_file_that_is_no_certificate_is_named_with_what_it_should_be()
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, "no certificate");
        var problem = Assert.Single(Problems($"--Mqtt:CaFile={file}", "--Mqtt:Broker=mqtts://h"));
        File.Delete(file);
        Assert.StartsWith($"Mqtt:CaFile: {file} cannot be used", problem, StringComparison.Ordinal);
        Assert.EndsWith("It takes a PEM file with the certificate of the CA.", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Retention_leaves_what_late_readings_may_correct()
    {
        Assert.Contains(
            "Store:Retention:MeterDays: 90 is too few: readings may come 90 days late",
            Assert.Single(Problems("--Store:Retention:MeterDays=90")), StringComparison.Ordinal);
        Assert.Empty(Problems("--Store:Retention:MeterDays=121", "--Store:Retention:PositionDays=0"));
        Assert.Empty(Problems("--Store:Retention:PositionDays=36", "--Telemetry:LateDays=5"));
    }

    [Fact]
    public void Listening_beyond_this_machine_needs_a_plain_word()
    {
        Assert.Contains("AllowInsecure=true", Assert.Single(Problems("--Mqtt:Listen=0.0.0.0:1883")), StringComparison.Ordinal);
        Assert.Empty(Problems("--Mqtt:Listen=0.0.0.0:1883", "--AllowInsecure=true"));
        Assert.Empty(Problems("--Mqtt:Listen=localhost:1883", "--Grpc:Listen=[::1]:5081"));
    }

    [Fact]
    public void A_broker_address_gives_host_port_user_and_password()
    {
        Assert.True(BrokerAddress.TryParse("mqtts://u%40x:p%3Aw@broker.example:8884", out var address, out _));
        Assert.Equal(new BrokerAddress("broker.example", 8884, true, "u@x", "p:w"), address);
        Assert.DoesNotContain("p:w", $"{address.Display} {address}", StringComparison.Ordinal);
        Assert.True(BrokerAddress.TryParse("mqtt://h", out var plain, out _));
        Assert.Equal(1883, plain.Port);
    }

    [Theory]
    [InlineData("kitten", "sitting", 3)]
    [InlineData("", "abc", 3)]
    [InlineData("same", "same", 0)]
    public void Edit_distance_counts_letters_to_change(string a, string b, int distance) =>
        Assert.Equal(distance, EditDistance.Between(a, b));

    private static IReadOnlyList<string> Problems(params string[] arguments) =>
        SettingsCheck.Problems(new ConfigurationBuilder().AddCommandLine(arguments).Build());

    [GeneratedRegex(@"^\| `[A-Z]\w+(:\w+)*` \| [^|]*\|")]
    private static partial Regex SettingRow();
}
