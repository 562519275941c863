namespace Serverless.Embedded.Runtime.StorageLog;

/// <summary>What the requests in Azurite's access log mean for a container or a queue. Paths are /account/container/name.</summary>
internal static class AzureRequests
{
    /// <summary>The name of the blob whose content the request wrote or replaced; null for any other request.</summary>
    public static string? WrittenBlob(AccessLogLine request, string account, string container)
    {
        if (request.Method != "PUT" || request.Status is not (201 or 202) || request.Parameter("restype") is not null)
            return null;
        // Without comp: Put Blob or Copy Blob. A block, a lease, a snapshot or tags leave the content as it is.
        if (request.Parameter("comp") is not (null or "blocklist" or "appendblock" or "page"))
            return null;
        var prefix = $"/{account}/{container}/";
        return request.Path.Length > prefix.Length && request.Path.StartsWith(prefix, StringComparison.Ordinal)
            ? Uri.UnescapeDataString(request.Path[prefix.Length..]).Replace('\\', '/') // as the service stores it
            : null;
    }

    /// <summary>Whether the request put a message into the queue.</summary>
    public static bool SentMessage(AccessLogLine request, string account, string queue) =>
        request is { Method: "POST", Status: 201 } && request.Path == $"/{account}/{queue}/messages";
}
