namespace Serverless.Storage;

/// <summary>
/// Where one object may be put by plain HTTP, without credentials, in one request, until the address expires. It is a secret.
/// </summary>
/// <param name="Headers">What the request must carry beside Content-Length.</param>
/// <param name="MaxBytes">The most that the store takes in one request.</param>
/// <param name="Parts">What arrived of an upload in parts that was not ended; empty where the store takes none at this address.</param>
public sealed record UploadAddress(
    Uri Address,
    string Method,
    IReadOnlyDictionary<string, string> Headers,
    DateTimeOffset Expires,
    long MaxBytes,
    IReadOnlyList<UploadedPart> Parts
);

/// <param name="Id">As whoever sent it named it.</param>
public sealed record UploadedPart(string Id, long Bytes);
