namespace Observability.Collector.Summary;

/// <summary>What receives a summary's parts.</summary>
internal interface ISummarySink
{
    void TakeNode(FileSystemUse fileSystem);

    /// <param name="pod">Valid during the call only.</param>
    void TakePod(SummaryPod pod);
}
