using SmartCity.Domain.Telemetry;
using SmartCity.Storage.DeadLetters;
using SmartCity.Storage.Telemetry;
using SmartCity.Tests.Stores;

namespace SmartCity.Tests.DeadLetters;

public sealed class DeadLetterStoreTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_letter_comes_back_as_it_was_after_reopening()
    {
        var whole = Draft(5) with { RecordIndex = null, ContentType = "application/x-protobuf", Device = "" };
        long[] ids;
        using (var store = Open())
        {
            ids = [.. store.Add([Draft(4), whole])];
        }
        using var again = Open();
        var letters = again.List(new DeadLetterQuery());
        Assert.Equal([ids[1], ids[0]], letters.Select(letter => letter.Id));
        Assert.Equal(whole with { Payload = default }, letters[0].Draft with { Payload = default });
        Assert.Equal(whole.Payload.ToArray(), letters[0].Draft.Payload.ToArray());
        Assert.Equal((1L, (Instant?)null), (letters[1].Deliveries, letters[1].Replayed));
        Assert.Equal(2, again.Waiting);
    }

    [Fact]
    public void The_same_thing_is_one_letter_and_a_re_read_is_not_a_delivery()
    {
        using var store = Open();
        var id = Assert.Single(store.Add([Draft(1)]));
        Assert.Equal([id], store.Add([Draft(1)]));
        Assert.Equal([id, id], store.Add([Draft(1) with { Position = 9, Problem = "newer" }, Draft(1) with { Position = 9,
            Problem = "newer" }]));
        var letter = Assert.Single(store.List(new DeadLetterQuery()));
        Assert.Equal((2L, "newer"), (letter.Deliveries, letter.Draft.Problem));
        Assert.Equal(2, store.Add([Draft(1) with { RecordIndex = 8 }, Draft(1) with { Topic = "other" }]).Except([id]).Count());
    }

    [Fact]
    public void A_replayed_letter_waits_again_when_it_comes_again()
    {
        using var store = Open();
        var ids = store.Add([Draft(1), Draft(2)]);
        store.MarkReplayed([ids[0]], new Instant(77));
        Assert.Equal(1, store.Waiting);
        Assert.Equal(new Instant(77), Assert.Single(store.Find([ids[0], 999])).Replayed);
        Assert.Equal([ids[1]], store.List(new DeadLetterQuery()).Select(letter => letter.Id));
        Assert.Equal(2, store.Count(new DeadLetterQuery(IncludeReplayed: true)));
        store.Add([Draft(1) with { Position = 50 }]);
        Assert.Equal(2, store.Waiting);
    }

    [Fact]
    public void Lists_are_filtered_and_paged_from_the_newest()
    {
        using var store = Open();
        var ids = store.Add([.. Enumerable.Range(0, 10).Select(i =>
            Draft(i) with { Device = i % 2 == 0 ? "a" : "b", Reason = i < 5
                ? DeadLetterReason.TooOld : DeadLetterReason.UnknownPort })]);
        Assert.Equal([ids[8], ids[6]], store.List(new DeadLetterQuery(Device: "a", Take: 2)).Select(letter => letter.Id));
        Assert.Equal([ids[4], ids[2]], store.List(new DeadLetterQuery(Device: "a", Take: 2, BeforeId: ids[6])).Select(letter =>
            letter.Id));
        Assert.Equal([ids[3], ids[1]], store.List(new DeadLetterQuery("b", DeadLetterReason.TooOld)).Select(letter => letter.Id));
        Assert.Equal(3, store.Count(new DeadLetterQuery("a", DeadLetterReason.TooOld, Take: 1)));
    }

    [Fact]
    public void Positions_are_known_until_they_are_forgotten()
    {
        using (var store = Open())
        {
            store.Add([Draft(1), Draft(1) with { Position = 7 }, Draft(9) with { RecordIndex = null }]);
        }
        using var again = Open();
        Assert.Equal([(1L, (int?)1), (7L, 1), (9L, null)], again.PositionsFrom(0).Order());
        Assert.Equal([(7L, (int?)1), (9L, null)], again.PositionsFrom(2).Order());
        again.ForgetPositionsBefore(8);
        Assert.Equal([(9L, (int?)null)], again.PositionsFrom(0));
        Assert.Equal(2, again.Waiting);
    }

    [Fact]
    public void At_its_limit_replayed_letters_go_and_waiting_ones_never()
    {
        using var store = Open(new DeadLetterOptions { CountMax = 3 });
        var ids = store.Add([Draft(1), Draft(2), Draft(3)]);
        var error = Assert.Throws<StoreUnavailableException>(() => store.Add([Draft(4)]));
        Assert.Contains("DeadLetters:CountMax", error.Message, StringComparison.Ordinal);
        Assert.Equal(3, store.Waiting);
        store.MarkReplayed([ids[1]], new Instant(1));
        store.Add([Draft(4)]);
        Assert.Equal([1L, 3, 4], store.List(new DeadLetterQuery(IncludeReplayed: true)).Select(letter =>
            letter.Draft.Position).Order());
    }

    private static DeadLetterDraft Draft(int position) => new(
        position, new Instant(position), "t", "client", "device", position % 3, DeadLetterReason.OutOfRange, "too much",
            new byte[] { (byte)position, 2 }, 2, null);

    private DeadLetterStore Open(DeadLetterOptions? options = null) => DeadLetterStore.Open(_directory.Path,
        options ?? new DeadLetterOptions());
}
