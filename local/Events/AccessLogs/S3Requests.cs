namespace Serverless.Local.Events.AccessLogs;

/// <summary>What the requests in an S3 server's access log mean for a bucket. Paths are /bucket/key.</summary>
internal static class S3Requests
{
    /// <summary>The key of the object that the request made or replaced; null for any other request.</summary>
    public static string? WrittenKey(AccessLogLine request, string bucket)
    {
        // A part of an upload makes no object; the request that completes the upload does.
        bool writes = request.Parameter("uploadId") is null ? request.Method == "PUT" : request.Method == "POST";
        string prefix = $"/{bucket}/";
        return
            writes
            && request.Status == 200
            && request.Path.Length > prefix.Length
            && request.Path.StartsWith(prefix, StringComparison.Ordinal)
            ? Uri.UnescapeDataString(request.Path[prefix.Length..])
            : null;
    }
}
