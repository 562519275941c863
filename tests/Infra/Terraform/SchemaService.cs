using Grpc.Core;
using Serverless.Infra.Terraform.Protocol;

namespace Serverless.Infra.Terraform;

/// <summary>A provider that knows its schemas and nothing else: Terraform itself checks a configuration against them.</summary>
internal sealed class SchemaService(GetProviderSchema.Types.Response schema) : Provider.ProviderBase
{
    public override Task<GetProviderSchema.Types.Response> GetProviderSchema(
        GetProviderSchema.Types.Request request,
        ServerCallContext context
    ) => Task.FromResult(schema);

    public override Task<ValidateProviderConfig.Types.Response> ValidateProviderConfig(
        ValidateProviderConfig.Types.Request request,
        ServerCallContext context
    ) => Task.FromResult(new ValidateProviderConfig.Types.Response());

    public override Task<ValidateResourceConfig.Types.Response> ValidateResourceConfig(
        ValidateResourceConfig.Types.Request request,
        ServerCallContext context
    ) => Task.FromResult(new ValidateResourceConfig.Types.Response());

    public override Task<ValidateDataResourceConfig.Types.Response> ValidateDataResourceConfig(
        ValidateDataResourceConfig.Types.Request request,
        ServerCallContext context
    ) => Task.FromResult(new ValidateDataResourceConfig.Types.Response());

    public override Task<StopProvider.Types.Response> StopProvider(StopProvider.Types.Request request, ServerCallContext context) =>
        Task.FromResult(new StopProvider.Types.Response());
}
