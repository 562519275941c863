using System.Globalization;

namespace Serverless.Local.Lambda;

/// <summary>An X-Ray tracing header: the root has the time in seconds and 96 bits, here of the request's id. Nothing is sampled.</summary>
internal static class TraceId
{
    public static string Of(Invocation invocation)
    {
        string digits = invocation.RequestId.Replace("-", "", StringComparison.Ordinal);
        string seconds = invocation.Deadline.ToUnixTimeSeconds().ToString("x8", CultureInfo.InvariantCulture);
        return $"Root=1-{seconds}-{digits[..24]};Parent={digits[16..32]};Sampled=0";
    }
}
