using SmartCity.Domain.Charging;

namespace SmartCity.Tests.Charging;

public sealed class ErlangBTests
{
    // From the printed tables of traffic engineering: the load that so many servers carry at a loss of 1 %, 2 % and 5 %.
    [Theory]
    [InlineData(1, 0.01, 0.0101)]
    [InlineData(5, 0.01, 1.361)]
    [InlineData(10, 0.01, 4.461)]
    [InlineData(20, 0.01, 12.03)]
    [InlineData(50, 0.01, 37.90)]
    [InlineData(1, 0.02, 0.0204)]
    [InlineData(5, 0.02, 1.657)]
    [InlineData(10, 0.02, 5.084)]
    [InlineData(20, 0.02, 13.18)]
    [InlineData(50, 0.02, 40.26)]
    [InlineData(100, 0.02, 87.97)]
    [InlineData(10, 0.05, 6.216)]
    [InlineData(20, 0.05, 15.25)]
    public void It_agrees_with_the_printed_tables(int ports, double loss, double erlang)
    {
        Assert.Equal(loss, ErlangB.Blocking(erlang, ports), 0.005 * loss);
        Assert.Equal(ports, ErlangB.PortsFor(erlang * 0.995, loss));
        Assert.Equal(ports + 1, ErlangB.PortsFor(erlang * 1.01, loss));
    }

    [Fact]
    public void It_is_the_closed_form()
    {
        // (A^c / c!) / sum of A^n / n!
        Assert.Equal(0.75, ErlangB.Blocking(3, 1), 12);
        Assert.Equal(4.5 / (1 + 3 + 4.5), ErlangB.Blocking(3, 2), 12);
        Assert.Equal(0.2145823, ErlangB.Blocking(10, 10), 6);
    }

    [Fact]
    public void No_ports_block_everybody_and_no_load_nobody()
    {
        Assert.Equal((1, 0, 0), (ErlangB.Blocking(0, 0), ErlangB.Blocking(0, 1), ErlangB.PortsFor(5, 1)));
        Assert.Equal(1, ErlangB.PortsFor(0, 0.02));
        Assert.Equal(0, ErlangB.Blocking(500, 2000), 12);
    }

    [Fact]
    public void What_is_no_load_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => ErlangB.Blocking(-1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => ErlangB.Blocking(double.NaN, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => ErlangB.PortsFor(double.PositiveInfinity, 0.1));
        Assert.Throws<ArgumentOutOfRangeException>(() => ErlangB.PortsFor(1, 0));
    }
}
