namespace Serverless.Local.Host.Settings;

/// <summary>The section extensions.http of host.json. A limit of -1 means none, which is the default.</summary>
internal sealed class HttpOptions
{
    public string RoutePrefix { get; set; } = "api";

    public int MaxConcurrentRequests { get; set; } = -1;

    public int MaxOutstandingRequests { get; set; } = -1;
}
