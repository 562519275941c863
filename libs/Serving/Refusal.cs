using Serverless.Inference.Serving;

namespace Serverless.Serving;

/// <summary>Requests that cannot be answered as asked, by kind.</summary>
internal static class Refusal
{
    public static ServingException Invalid(string detail) => new(ServingFault.InvalidInput, detail);

    public static ServingException Missing(string detail) => new(ServingFault.Missing, detail);

    public static ServingException TooLarge(string detail) => new(ServingFault.TooLarge, detail);
}
