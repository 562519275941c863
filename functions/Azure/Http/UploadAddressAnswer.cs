using Microsoft.AspNetCore.Http;
using Serverless.Storage;

namespace Serverless.Functions.Azure.Http;

/// <summary>Where to send something that is too large for a request to this app.</summary>
/// <param name="Asset">The asset that it will be; null for what is no asset.</param>
/// <param name="Key">Its key in the store's own terms: without the container.</param>
/// <param name="From">Its path, by which the app knows it.</param>
/// <param name="Address">A secret until it expires: whoever has it may write this one object.</param>
/// <param name="Headers">What the request must carry beside Content-Length.</param>
/// <param name="MaxBytes">The most that the store takes in one request.</param>
/// <param name="Parts">
/// What has arrived there of an upload in parts that was not ended; the others are still to be sent. Empty where nobody asked.
/// </param>
internal sealed record UploadAddressAnswer(
    string? Asset,
    string Store,
    string Key,
    string From,
    Uri Address,
    string Method,
    IReadOnlyDictionary<string, string> Headers,
    DateTimeOffset Expires,
    long MaxBytes,
    IReadOnlyList<UploadedPart> Parts
)
{
    /// <summary>Kept by no cache, since the address is a secret.</summary>
    public static IResult Send(
        HttpRequest request,
        IObjectStore store,
        string path,
        string? asset,
        UploadAddress upload,
        IReadOnlyList<UploadedPart>? parts = null
    )
    {
        request.HttpContext.Response.Headers.CacheControl = "no-store";
        UploadAddressAnswer answer = new(
            asset,
            store.Name,
            store.Locate(path).Key,
            path,
            upload.Address,
            upload.Method,
            upload.Headers,
            upload.Expires,
            upload.MaxBytes,
            parts ?? []
        );
        return Answers.Json(answer, StatusCodes.Status201Created);
    }
}
