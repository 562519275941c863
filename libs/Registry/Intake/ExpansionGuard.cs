namespace Serverless.Registry;

/// <summary>Tells an archive that unpacks to far more than it is: a bomb. Counts what was really read and written.</summary>
internal sealed class ExpansionGuard(StagedPackage stage, int maxExpansion, Func<long> archiveBytes)
{
    /// <summary>Small text compresses well, and does no harm.</summary>
    private const long Free = 16 << 20;

    public void Check(long unpacked)
    {
        long packed = archiveBytes();
        if (unpacked > Free && unpacked / maxExpansion > packed)
        {
            throw stage.Reject(
                "the archive",
                $"{unpacked} bytes in its first {packed}",
                $"at most {maxExpansion} times as many when unpacked"
            );
        }
    }
}
