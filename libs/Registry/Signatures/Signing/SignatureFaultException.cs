namespace Serverless.Registry.Signatures.Signing;

/// <summary>A signed package is not what its signature says, or is signed by nobody who is trusted.</summary>
/// <param name="file">Of the package.</param>
internal sealed class SignatureFaultException(string file, string found, string expected)
    : Exception($"{file}: found {found}; expected {expected}.")
{
    public string File { get; } = file;

    public string Found { get; } = found;

    public string Expected { get; } = expected;
}
