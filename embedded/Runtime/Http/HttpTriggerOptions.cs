using System.ComponentModel.DataAnnotations;

namespace Serverless.Embedded.Runtime.Http;

/// <summary>host.json's <c>extensions.http</c>, but for the route prefix.</summary>
internal sealed class HttpTriggerOptions
{
    /// <summary>Requests that run at the same time; -1 (the default) sets no bound. More of them wait in line.</summary>
    [Range(-1, int.MaxValue)]
    public int MaxConcurrentRequests { get; set; } = -1;

    /// <summary>Requests that run or wait in line; -1 (the default) sets no bound. Further ones get 429 at once.</summary>
    [Range(-1, int.MaxValue)]
    public int MaxOutstandingRequests { get; set; } = -1;
}
