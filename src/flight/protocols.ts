// The gRPC services spoken on the status port: Arrow Flight, health, server reflection; field numbers as published.

import { type Message, message, type ProtoFile, service } from './proto.ts';

/**
 * Arrow Flight RPC. Its two Timestamp fields (expiration times) are left out: nothing here expires, and a file
 * without imports is one that every reflection client can read.
 */
export const FLIGHT: ProtoFile = {
	packageName: 'arrow.flight.protocol',
	declarations: {
		HandshakeRequest: message('uint64 protocol_version = 1', 'bytes payload = 2'),
		HandshakeResponse: message('uint64 protocol_version = 1', 'bytes payload = 2'),
		Empty: message(),
		Criteria: message('bytes expression = 1'),
		Action: message('string type = 1', 'bytes body = 2'),
		ActionType: message('string type = 1', 'string description = 2'),
		Result: message('bytes body = 1'),
		FlightDescriptor: {
			...message('DescriptorType type = 1', 'bytes cmd = 2', 'repeated string path = 3'),
			nested: { DescriptorType: { values: { UNKNOWN: 0, PATH: 1, CMD: 2 } } },
		},
		Ticket: message('bytes ticket = 1'),
		Location: message('string uri = 1'),
		FlightEndpoint: message('Ticket ticket = 1', 'repeated Location location = 2', 'bytes app_metadata = 4'),
		FlightInfo: message(
			'bytes schema = 1',
			'FlightDescriptor flight_descriptor = 2',
			'repeated FlightEndpoint endpoint = 3',
			'int64 total_records = 4',
			'int64 total_bytes = 5',
			'bool ordered = 6',
			'bytes app_metadata = 7',
		),
		PollInfo: message('FlightInfo info = 1', 'FlightDescriptor flight_descriptor = 2', 'double progress = 3'),
		SchemaResult: message('bytes schema = 1'),
		FlightData: message(
			'FlightDescriptor flight_descriptor = 1',
			'bytes data_header = 2',
			'bytes app_metadata = 3',
			'bytes data_body = 1000',
		),
		PutResult: message('bytes app_metadata = 1'),
		FlightService: service(
			'Handshake(stream HandshakeRequest) returns (stream HandshakeResponse)',
			'ListFlights(Criteria) returns (stream FlightInfo)',
			'GetFlightInfo(FlightDescriptor) returns (FlightInfo)',
			'PollFlightInfo(FlightDescriptor) returns (PollInfo)',
			'GetSchema(FlightDescriptor) returns (SchemaResult)',
			'DoGet(Ticket) returns (stream FlightData)',
			'DoPut(stream FlightData) returns (stream PutResult)',
			'DoExchange(stream FlightData) returns (stream FlightData)',
			'DoAction(Action) returns (stream Result)',
			'ListActions(Empty) returns (stream ActionType)',
		),
	},
};

/** What Kubernetes' gRPC probes and load balancers ask. */
export const HEALTH: ProtoFile = {
	packageName: 'grpc.health.v1',
	declarations: {
		HealthCheckRequest: message('string service = 1'),
		HealthCheckResponse: {
			...message('ServingStatus status = 1'),
			nested: { ServingStatus: { values: { UNKNOWN: 0, SERVING: 1, NOT_SERVING: 2, SERVICE_UNKNOWN: 3 } } },
		},
		Health: service(
			'Check(HealthCheckRequest) returns (HealthCheckResponse)',
			'Watch(HealthCheckRequest) returns (stream HealthCheckResponse)',
		),
	},
};

/** v1 and v1alpha differ in nothing but the name; grpcurl asks for v1 and falls back. */
export function reflectionProtocol(version: 'v1' | 'v1alpha'): ProtoFile {
	return {
		packageName: `grpc.reflection.${version}`,
		declarations: {
			ServerReflectionRequest: oneof(
				'message_request',
				message(
					'string host = 1',
					'string file_by_filename = 3',
					'string file_containing_symbol = 4',
					'ExtensionRequest file_containing_extension = 5',
					'string all_extension_numbers_of_type = 6',
					'string list_services = 7',
				),
				['host'],
			),
			ExtensionRequest: message('string containing_type = 1', 'int32 extension_number = 2'),
			ServerReflectionResponse: oneof(
				'message_response',
				message(
					'string valid_host = 1',
					'ServerReflectionRequest original_request = 2',
					'FileDescriptorResponse file_descriptor_response = 4',
					'ExtensionNumberResponse all_extension_numbers_response = 5',
					'ListServiceResponse list_services_response = 6',
					'ErrorResponse error_response = 7',
				),
				['valid_host', 'original_request'],
			),
			FileDescriptorResponse: message('repeated bytes file_descriptor_proto = 1'),
			ExtensionNumberResponse: message('string base_type_name = 1', 'repeated int32 extension_number = 2'),
			ListServiceResponse: message('repeated ServiceResponse service = 1'),
			ServiceResponse: message('string name = 1'),
			ErrorResponse: message('int32 error_code = 1', 'string error_message = 2'),
			ServerReflection: service(
				'ServerReflectionInfo(stream ServerReflectionRequest) returns (stream ServerReflectionResponse)',
			),
		},
	};
}

/** All fields but those named in `outside` exclude each other. */
function oneof(name: string, made: Message, outside: readonly string[]): Message {
	const inside = Object.keys(made.fields).filter((field) => !outside.includes(field));
	return { ...made, oneofs: { [name]: { oneof: inside } } };
}
