using Microsoft.Azure.WebJobs;
using Microsoft.Extensions.Logging;

namespace Serverless.Local.Host.Functions;

/// <summary>Shows the WebJobs SDK the emitted type. It is made when first asked for, since the extensions must be there by then.</summary>
internal sealed class EmittedFunctions(
    IReadOnlyList<FunctionDefinition> functions,
    Lazy<BindingAttributes> attributes,
    ILogger<EmittedFunctions> logger
) : ITypeLocator
{
    private readonly Lazy<Type> _type = new(() =>
        new FunctionTypeEmitter(attributes.Value).Emit(functions, (function, failure) =>
            Log.FunctionNotOffered(logger, function.Name, failure.Message)
        )
    );

    public Type Type => _type.Value;

    public IReadOnlyList<Type> GetTypes() => [_type.Value];
}
