using System.Net;
using Amazon.S3;

namespace Serverless.Storage;

/// <summary>
/// Keys in listings. Some have characters that XML cannot hold, such as U+0001, and one of them alone makes a whole listing unreadable:
/// listings are asked for with keys percent-encoded, which the SDK leaves so (API_ListObjectsV2, encoding-type).
/// </summary>
internal static class S3Keys
{
    public static readonly EncodingType Asked = EncodingType.Url;

    /// <param name="encoding">As the answer says: a server that does not encode gives keys as they are.</param>
    public static string Read(string key, EncodingType? encoding) => encoding == EncodingType.Url ? WebUtility.UrlDecode(key) : key;
}
