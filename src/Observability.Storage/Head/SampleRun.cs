namespace Observability.Storage.Head;

/// <summary>What is known while neighbouring samples of one time are appended: which groups have that time as their newest row.</summary>
internal struct SampleRun(long timestampMs)
{
    public readonly long TimestampMs => timestampMs;

    /// <summary>The last group that took a sample of the run; one without a group joins it.</summary>
    public SampleGroup? Current { get; set; }

    /// <summary>The group that took those which left theirs in this run: what leaves together has one rhythm.</summary>
    public SampleGroup? Split { get; set; }
}
