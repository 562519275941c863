namespace Serverless.Local.Events.AccessLogs;

/// <summary>What the requests in an S3 server's access log mean for a bucket. Paths are /bucket/key.</summary>
internal static class S3Requests
{
    /// <summary>The key of the object that the request made, replaced or removed; null for any other request.</summary>
    public static string? ChangedKey(AccessLogLine request, string bucket)
    {
        // A part of an upload makes no object; the request that completes the upload does, and one that gives it up removes none.
        bool changes = request.Parameter("uploadId") is null
            ? request is { Method: "PUT", Status: 200 } or { Method: "DELETE", Status: 204 }
            : request is { Method: "POST", Status: 200 };
        string prefix = $"/{bucket}/";
        return changes && request.Path.Length > prefix.Length && request.Path.StartsWith(prefix, StringComparison.Ordinal)
            ? Uri.UnescapeDataString(request.Path[prefix.Length..])
            : null;
    }
}
