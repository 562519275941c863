using System.Security.Cryptography;
using Serverless.Storage;

namespace Serverless.Exports.Asks;

/// <summary>Names an export by what was asked and what came out.</summary>
public static class PlanDigest
{
    public const int Characters = 32;

    public static string Of(ExportPlan plan, string dataSha256)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(StoredJson.Write(plan).ToMemory().Span);
        hash.AppendData(Convert.FromHexString(dataSha256));
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..Characters];
    }

    /// <summary>Whether a text has the form of such a name.</summary>
    public static bool IsVersion(string text) => text.Length == Characters && text.All(c => char.IsAsciiHexDigitLower(c));
}
