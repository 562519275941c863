using Serverless.Imaging;

namespace Serverless.Media;

internal static class DecodeAdmission
{
    /// <param name="found">What is to be decoded, for the message: "a picture of 200x100 pixels".</param>
    /// <exception cref="MediaRejectedException">It needs more than all together may take.</exception>
    public static Task<DecodeBudget.Lease> AdmitAsync(
        this DecodeBudget budget,
        string found,
        long bytes,
        CancellationToken cancellationToken
    ) =>
        bytes <= budget.Total
            ? budget.TakeAsync(bytes, cancellationToken)
            : throw new MediaRejectedException(
                MediaFault.TooLarge,
                $"Found {found} that takes {bytes:N0} bytes to decode; allowed are {budget.Total:N0} for all that is decoded at once."
            );
}
