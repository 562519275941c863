using System.ComponentModel.DataAnnotations;

namespace Serverless.Embedded.Runtime.Hosting;

/// <summary>What only the embedded edition knows; settings under <c>Embedded</c>.</summary>
internal sealed class EmbeddedOptions
{
    /// <summary>Where the runtime keeps keys, receipts and schedules. Default <c>.data</c> below the content root.</summary>
    [Required]
    public string DataDirectory { get; set; } = ".data";

    /// <summary>Addresses to listen on, separated by semicolons. Default: <c>ASPNETCORE_URLS</c>, else http://127.0.0.1:7071.</summary>
    public string? Urls { get; set; }

    /// <summary>The storage server's access log, which tells of new blobs and messages at once. Without it they are found by scans and polls.</summary>
    public string? AzureAccessLog { get; set; }

    /// <summary>
    /// How long running work may go on after a stop was asked for, before its token is cancelled and it is handed back. Default 7 s:
    /// with the 3 s that handing back may take, a stop ends within 10 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan StopGrace { get; set; } = TimeSpan.FromSeconds(7);
}
