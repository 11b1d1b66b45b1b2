using SmartCity.Domain.Telemetry;
using SmartCity.Storage.DeadLetters;
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
        store.MarkReplayed([ids[1]], new Instant(1));
        store.Add([Draft(4)]);
        Assert.Equal([1L, 3, 4], store.List(new DeadLetterQuery(IncludeReplayed: true)).Select(letter =>
            letter.Draft.Position).Order());
        Assert.Equal(0, store.Summarised);
    }

    [Fact]
    public void A_full_list_counts_what_comes_and_keeps_the_last_of_each_reason()
    {
        using var store = Open(new DeadLetterOptions { CountMax = 2 });
        store.Add([Draft(1), Draft(2)]);
        store.Add([.. Enumerable.Range(3, 5).Select(i => Draft(i) with { Device = $"made up {i}" })]);
        store.Add([Draft(9) with { Reason = DeadLetterReason.TooOld }]);
        Assert.Equal(6, store.Summarised);
        var letters = store.List(new DeadLetterQuery());
        Assert.Equal([9L, 7, 2, 1], letters.Select(letter => letter.Draft.Position));
        Assert.Equal(5, letters[1].Deliveries);
        Assert.StartsWith("5 that found no room", letters[1].Draft.Problem, StringComparison.Ordinal);
        Assert.Contains("DeadLetters:CountMax", letters[1].Draft.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_device_fills_its_own_share_and_no_others()
    {
        var options = new DeadLetterOptions { CountPerDeviceMax = 2 };
        using (var store = Open(options))
        {
            var ids = store.Add([.. Enumerable.Range(1, 5).Select(Draft), Draft(6) with { Device = "other" }]);
            Assert.Equal(ids[2], ids[4]);
            Assert.Equal((4L, 3L), (store.Waiting, store.Summarised));
        }
        using var again = Open(options);
        again.Add([Draft(5), Draft(7), Draft(1) with { Position = 8 }, Draft(9) with { Device = "other" }]);
        Assert.Equal((5L, 4L), (again.Waiting, again.Summarised)); // 5 was read before, and 1 is known.
        var summary = Assert.Single(again.List(new DeadLetterQuery()), letter => letter.Draft.Position == 7);
        Assert.Equal(4, summary.Deliveries);
        Assert.Equal(Draft(7).Payload.ToArray(), summary.Draft.Payload.ToArray());
        Assert.Contains("DeadLetters:CountPerDeviceMax", summary.Draft.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_device_has_a_share_of_the_bytes_too()
    {
        using var store = Open(new DeadLetterOptions { BytesPerDeviceMax = 5 });
        store.Add([Draft(1), Draft(2), Draft(3), Draft(4) with { Device = "other" }]);
        Assert.Equal((4L, 1L), (store.Waiting, store.Summarised));
    }

    [Fact]
    public void Replayed_letters_give_their_room_back()
    {
        using var store = Open(new DeadLetterOptions { CountPerDeviceMax = 2 });
        var ids = store.Add([Draft(1), Draft(2)]);
        store.MarkReplayed(ids, new Instant(1));
        store.MarkReplayed(ids, new Instant(2));
        store.Add([Draft(3), Draft(4)]);
        Assert.Equal((2L, 0L), (store.Waiting, store.Summarised));
        store.Add([Draft(5)]);
        Assert.Equal(1, store.Summarised);
    }

    [Fact]
    public void Unregistered_devices_of_one_client_share_its_room()
    {
        using var store = Open(new DeadLetterOptions { CountPerDeviceMax = 2 });
        store.Add([.. Enumerable.Range(1, 4).Select(i => Unknown(i, "gateway")), Unknown(5, "other"), Unknown(6, ""),
            Unknown(7, "")]);
        Assert.Equal((6L, 2L), (store.Waiting, store.Summarised));

        static DeadLetterDraft Unknown(int i, string client) =>
            Draft(i) with { Device = $"P-{i}", ClientId = client, Reason = DeadLetterReason.UnknownDevice };
    }

    [Fact]
    public void A_list_ends_at_its_bytes_and_says_whether_there_is_more()
    {
        using var store = Open();
        var ids = store.Add([.. Enumerable.Range(1, 5).Select(i => Draft(i) with { Payload = new byte[1_000 + i] })]);
        var query = new DeadLetterQuery(BytesMax: 2_500);
        Assert.Equal([ids[4], ids[3]], store.List(query).Select(letter => letter.Id));
        Assert.Equal([ids[0]], store.List(query with { BytesMax = 1, BeforeId = ids[1] }).Select(letter => letter.Id));
        Assert.Equal((true, false), (store.HasOlder(query, ids[3]), store.HasOlder(query, ids[0])));
        Assert.Equal([.. ids.Reverse()], store.Ids(query));
        Assert.Equal((null, 99L), (store.MissingOf(ids), store.MissingOf([ids[0], 99])));
    }

    private static DeadLetterDraft Draft(int position) => new(
        position, new Instant(position), "t", "client", "device", position % 3, DeadLetterReason.OutOfRange, "too much",
            new byte[] { (byte)position, 2 }, 2, null);

    private DeadLetterStore Open(DeadLetterOptions? options = null) => DeadLetterStore.Open(_directory.Path,
        options ?? new DeadLetterOptions());
}
