namespace Serverless.Local.Events.AccessLogs;

/// <summary>What the requests in Azurite's access log mean for a container. Paths are /account/container/name.</summary>
internal static class AzureRequests
{
    /// <summary>The name of the blob whose content the request wrote, replaced or removed; null for any other request.</summary>
    public static string? ChangedBlob(AccessLogLine request, string account, string container)
    {
        bool changes = request switch
        {
            { Method: "PUT", Status: 201 or 202 } => WritesContent(request),
            { Method: "DELETE", Status: 202 } => request.Parameter("snapshot") is null,
            _ => false,
        };
        string prefix = $"/{account}/{container}/";
        return changes && request.Path.Length > prefix.Length && request.Path.StartsWith(prefix, StringComparison.Ordinal)
            ? Uri.UnescapeDataString(request.Path[prefix.Length..]).Replace('\\', '/') // as the service stores it
            : null;
    }

    /// <summary>Without comp it is Put Blob or Copy Blob. A block, a lease, a snapshot or tags leave the content as it is.</summary>
    private static bool WritesContent(AccessLogLine request) =>
        request.Parameter("restype") is null && request.Parameter("comp") is (null or "blocklist" or "appendblock" or "page");
}
