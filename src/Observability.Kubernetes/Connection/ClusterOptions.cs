using System.ComponentModel.DataAnnotations;

namespace Observability.Kubernetes;

/// <summary>
/// Where the API server is and who asks. One way of three: <see cref="Kubeconfig"/>; <see cref="Server"/> with its files; neither, which
/// means the service account of the pod that this runs in.
/// </summary>
public sealed class ClusterOptions
{
    /// <summary>A kubeconfig file. Its certificates, tokens and exec plugins are used as kubectl uses them.</summary>
    public string? Kubeconfig { get; set; }

    /// <summary>The context of <see cref="Kubeconfig"/>. Default: its current one.</summary>
    public string? Context { get; set; }

    /// <summary>The API server's URL, such as <c>https://10.0.0.1:6443</c>. Plain http is accepted on loopback alone.</summary>
    public Uri? Server { get; set; }

    /// <summary>PEM file of the authorities that may sign the API server's certificate; required with an https <see cref="Server"/>.</summary>
    public string? CaFile { get; set; }

    /// <summary>File with the bearer token for <see cref="Server"/>; read again when it changes.</summary>
    public string? TokenFile { get; set; }

    /// <summary>Longest wait for a token review, an access review or a single object. Default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest wait for one page of a list. Default 60 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan ListTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How long the API server is asked to keep a watch open, give or take a tenth. Default 5 min.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "01:00:00")]
    public TimeSpan WatchDuration { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// A watch that says nothing for this long is opened anew where it was: the API server sends a bookmark about every minute. Default 150 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:10", "01:00:00")]
    public TimeSpan WatchSilence { get; set; } = TimeSpan.FromSeconds(150);

    /// <summary>Objects per page of a list. Default 500.</summary>
    [Range(1, 10_000)]
    public int PageSize { get; set; } = 500;

    /// <summary>Waits between attempts double from the first to the last, each shortened by up to half at random. Default 500 ms to 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.01", "00:05:00")]
    public TimeSpan FirstRetry { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>See <see cref="FirstRetry"/>.</summary>
    [Range(typeof(TimeSpan), "00:00:00.01", "00:30:00")]
    public TimeSpan LastRetry { get; set; } = TimeSpan.FromSeconds(30);
}
