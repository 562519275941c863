namespace Serverless.Storage;

/// <summary>
/// Where one object may be put by plain HTTP, without credentials, in one request, until the address expires. It is a secret.
/// </summary>
/// <param name="Headers">What the request must carry beside Content-Length.</param>
/// <param name="MaxBytes">The most that the store takes in one request.</param>
public sealed record UploadAddress(
    Uri Address,
    string Method,
    IReadOnlyDictionary<string, string> Headers,
    DateTimeOffset Expires,
    long MaxBytes
);

/// <param name="Id">As whoever sent it named it.</param>
public sealed record UploadedPart(string Id, long Bytes);
