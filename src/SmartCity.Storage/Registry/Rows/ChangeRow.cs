namespace SmartCity.Storage.Registry.Rows;

/// <summary>One import that changed something: the moments at which what is known changed.</summary>
internal sealed class ChangeRow
{
    public required long RecordedAt { get; set; }

    public required int Added { get; set; }

    public required int Changed { get; set; }
}
