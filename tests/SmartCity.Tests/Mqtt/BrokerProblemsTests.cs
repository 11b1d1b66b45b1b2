using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using MQTTnet.Exceptions;
using SmartCity.Server.Mqtt;

namespace SmartCity.Tests.Mqtt;

public sealed class BrokerProblemsTests
{
    [Fact]
    public void A_lost_connection_is_worth_another_try_and_a_bug_is_not()
    {
        Exception[] world =
        [
            new MqttClientNotConnectedException(), new SocketException(111), new TimeoutException(),
            new ObjectDisposedException("MqttChannelAdapter"), OfNothing("MQTTnet"),
        ];
        Exception[] bugs = [new InvalidOperationException("acknowledged twice"), new ArgumentException("?"), OfNothing("SmartCity")];
        Assert.All(world, e => Assert.True(BrokerProblems.IsOfTheWorld(e)));
        Assert.All(bugs, e => Assert.False(BrokerProblems.IsOfTheWorld(e)));
    }

    [Theory]
    [InlineData(SocketError.ConnectionReset, true)]
    [InlineData(SocketError.NotConnected, true)] // We spoke after the other side had gone.
    [InlineData(SocketError.ConnectionRefused, false)]
    public void Who_went_away_is_told_from_who_was_never_there(SocketError error, bool isCutOff) => Assert.Equal(
        isCutOff, BrokerProblems.IsCutOff(new MqttCommunicationException("?", new SocketException((int)error))));

    private static NullReferenceException OfNothing(string source)
    {
        var thrown = Assert.Throws<NullReferenceException>(() => ((object)null!).ToString());
        thrown.Source = source;
        return thrown;
    }

    [Fact]
    public void Each_that_waits_at_random_has_a_source_of_its_own()
    {
        using var services = new ServiceCollection().AddMqtt().BuildServiceProvider();
        Assert.NotSame(services.GetRequiredService<Random>(), services.GetRequiredService<Random>());
    }
}
